/** Bugs that are planted into the code, one for each invariant of docs/delivery.md: a checker that finds none of them is worth nothing. */
export interface PlantedBug {
  readonly what: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
  /** What the checker says of it. */
  readonly found: RegExp;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    what: "durable before accepted: an id is told, and nothing was written",
    file: "src/spool/commit.ts",
    from: "if (more.length === 0) commitOne(folders, first);",
    to: 'if (more.length === 0) first.message.priority === "high" || commitOne(folders, first);',
    found: /was accepted and is nowhere/,
  },
  {
    what: "one truth per message: an attempt that was cut off is forgotten",
    file: "src/spool/active.ts",
    from: "        found.push(active.stored);\n",
    to: "",
    found: /was lost on the way/,
  },
  {
    what: "written before done: Enter before the record of what was typed",
    file: "src/transports/tmux/index.ts",
    from: 'attempt.record({ type: "typed", at: clock.now(), ms: clock.monotonic() - startedAt }, true);\n  const end = await submit(work, filled);',
    to: 'const end = await submit(work, filled);\n  attempt.record({ type: "typed", at: clock.now(), ms: clock.monotonic() - startedAt }, true);',
    found: /before it was recorded/,
  },
  {
    what: "no Enter without proof: whatever stands in the composer is taken for the text",
    file: "src/transports/tmux/holds-text.ts",
    from: "if (showsAll(text, attempt.text) ||",
    to: "if (true ||",
    found: /submitted wrongly|nobody's message/,
  },
  {
    what: "no second copy: what was typed and is gone is typed again",
    file: "src/transports/tmux/index.ts",
    from: 'return lostSight(attempt, "the text stood in the composer and does not any more");',
    to: 'return deferred({ code: "not_submitted", message: "", hint: "" });',
    found: /submitted 2 times/,
  },
  {
    what: "no second copy: a paste that is still on its way is not waited for",
    file: "src/transports/tmux/caught-up.ts",
    from: "  if (!takesKeys(work, before)) return",
    to: "  return { ok: true, seen: before };\n  if (!takesKeys(work, before)) return",
    found: /submitted wrongly|instead of/,
  },
  {
    what: "everything back: a draft is taken out and not put back",
    file: "src/transports/tmux/draft.ts",
    from: "  if (!draft) return true;\n",
    to: "  return true;\n",
    found: /holds "" instead of/,
  },
  {
    what: "everything back: a draft goes into a composer that is about to be replaced",
    file: "src/transports/tmux/next-screen.ts",
    from: "if (leftMs > 0) await",
    to: "if (leftMs > 1e9) await",
    found: /holds "" instead of/,
  },
  {
    what: "everything back: the clipboard is left as it was used",
    file: "src/desktop/nut/guest.ts",
    from: "if (now === null || !clipboard.isOwn(now)) return;",
    to: "return;",
    found: /the clipboard holds/,
  },
  {
    what: "one pair of hands: the desktop is given back before it was used",
    file: "src/transports/desktop/session.ts",
    from: "  const { hands } = acquired;\n",
    to: "  const { hands } = acquired;\n  await hands.release();\n",
    found: /by a worker that did not hold the desktop/,
  },
  {
    what: "refuse, don't guess: the focus is not looked at",
    file: "src/desktop/nut/aim.ts",
    from: "else if ((await calls.activeWindow()) !== window) lost = focusLost(titlePattern);",
    to: "",
    found: /submitted wrongly|nobody's message|instead of/,
  },
  {
    what: "bounded: a message is tried for ever",
    file: "src/domain/status.ts",
    from: "if (state.attempts < policy.attempts)",
    to: "if (state.attempts < 1_000)",
    found: /was lost on the way/,
  },
  {
    what: "visible: what may have been submitted is told as delivered",
    file: "src/domain/status.ts",
    from: 'return { type: "unconfirmed", at: now, error: outcome.error };',
    to: 'return { type: "delivered", at: now };',
    found: /and the agent never got it/,
  },
  {
    what: "in order: a message that was cut off is overtaken",
    file: "src/delivery/dispatcher.ts",
    from: "else lane.isScanNeeded = true;",
    to: "",
    found: /overtook/,
  },
];
