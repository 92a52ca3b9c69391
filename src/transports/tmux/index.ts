/** The tmux transport: pastes into the agent's composer, proves it on the screen, submits, proves that. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Transport } from "../../ports/transport.ts";
import { lostSight } from "../lost-sight.ts";
import { besideEarlier, isMarks, isOwn, isStuck } from "./beside-own.ts";
import { answering, caughtUp, noteErased } from "./caught-up.ts";
import { cleared } from "./clear.ts";
import { putDraftBack, takeDraft } from "./draft.ts";
import { fill } from "./fill.ts";
import { holdsText } from "./holds-text.ts";
import { isLeftWhole, withoutEarlierMarks } from "./left-whole.ts";
import { nextScreen, type Submit } from "./next-screen.ts";
import { asked, dialogInFront } from "./screen-trouble.ts";
import { onPane, type TmuxDeps } from "./session.ts";
import { submit, unproven } from "./submit.ts";
import { leftBeside } from "./take-out.ts";
import { deferred, lookUntil, refused, type Seen, textOf, type Work } from "./work.ts";

const RESUME_LOOK_MS = 2_000;

export type { TmuxDeps } from "./session.ts";

export function tmuxTransport(deps: TmuxDeps): Transport {
  /** Panes of which the last attempt ended with a proof: nothing of ours is on its way to their agents. */
  const proven = new Map<string, Submit | null>();
  const remembering = (use: (work: Work) => Promise<Outcome>) => async (work: Work) => {
    const place = `${work.agent.socket} ${work.pane.where}`;
    const last = proven.get(place);
    work.isCaughtUp = proven.delete(place);
    if (last) await nextScreen(work, last);
    const outcome = await use(work);
    if (outcome.kind === "confirmed" && work.draft === null) proven.set(place, work.submit);
    return outcome;
  };
  return {
    deliver: (attempt) => onPane(deps, attempt, remembering(deliver)),
    resume: async (attempt) => {
      const outcome = await onPane(deps, attempt, remembering(resume));
      const isLostSight =
        attempt.state.step === "typed" && outcome.kind === "deferred" && !isNotSubmitted(outcome);
      if (attempt.state.step === "submitted" && outcome.kind !== "handed_back") return { kind: "confirmed" };
      return isLostSight ? lostSight(attempt, outcome.error.message) : outcome;
    },
    close: () => Promise.resolve(),
  };
}

async function deliver(work: Work): Promise<Outcome> {
  const { attempt, clock, pane } = work;
  restoreDraft(work);
  attempt.record({ type: "intent", at: clock.now(), window: pane.where }, true);
  const startedAt = clock.monotonic();
  const filled = await fill(work);
  if (!filled.ok) return leaving(work, filled.end);
  attempt.record({ type: "typed", at: clock.now(), ms: clock.monotonic() - startedAt }, true);
  const end = await submit(work, filled);
  return leaving(work, end ?? { kind: "confirmed" });
}

/** Three Enters, and the text is still there. */
function isNotSubmitted(outcome: Outcome): boolean {
  return outcome.kind === "deferred" && outcome.error.code === "not_submitted";
}

/** Puts the draft back where that can be done without adding to what stands there. */
async function leaving(work: Work, outcome: Outcome): Promise<Outcome> {
  if (outcome.kind === "deferred" && isNotSubmitted(outcome) && work.isTextLeft) {
    const seen = work.profile.clear.length > 0 ? await answering(work) : null;
    const isOut = seen !== null && (await cleared(work, seen)) === null;
    if (!isOut) return (await asked(work)) ?? leaving(work, unproven(work, outcome.error));
    noteErased(work);
  }
  // Not proven is not there: the draft goes back where the composer turns out to be empty.
  if (work.draft && (!work.isTextLeft || outcome.kind === "unknown")) {
    if (work.submit) await nextScreen(work, work.submit);
    await putDraftBack(work);
  }
  return outcome;
}

async function resume(work: Work): Promise<Outcome> {
  const { attempt } = work;
  restoreDraft(work);
  const seen = await lookUntil(work, RESUME_LOOK_MS, ({ reading }) => reading.kind === "composer");
  if (!seen.ok) return refused(seen);
  if (seen.reading.kind === "dialog") return dialogInFront(work, seen.reading.line);
  switch (attempt.state.step) {
    case "submitted":
      await putDraftBack(work);
      return { kind: "confirmed" };
    case "typed": {
      // Enter would submit them with the text.
      const last = await withoutEarlierMarks(work, seen);
      if (!last.ok) return last.end;
      return holdsText(work, last.seen) ? goOn(work, last.seen) : gone(work, last.seen);
    }
    default:
      return cutOff(work, seen);
  }
}

/** The composer holds the text. */
async function goOn(work: Work, before: Seen): Promise<Outcome> {
  work.isTextLeft = true;
  work.isCaughtUp = true;
  const pastedAt = work.clock.monotonic();
  const end = await submit(work, { before, pastedAt, shownMs: RESUME_LOOK_MS });
  return leaving(work, end ?? { kind: "confirmed" });
}

/** The composer does not hold the text any more. What is left of it, where taking it out was broken off, must not stay. */
async function gone(work: Work, seen: Seen): Promise<Outcome> {
  const { attempt } = work;
  const shown = textOf(seen);
  const isRest = besideEarlier(work, shown) === "";
  const isOut = isRest ? (await cleared(work, seen)) === null : shown === "" || isMarks(shown);
  if (isOut) await putDraftBack(work);
  const dialog = await asked(work);
  if (dialog) return dialog;
  return lostSight(attempt, "the text stood in the composer and does not any more");
}

/** Before the text was seen in the composer: it may not have come yet, and then must not stay. */
async function cutOff(work: Work, seen: Seen): Promise<Outcome> {
  const begunAt = work.clock.monotonic();
  const isEmpty = seen.reading.kind === "composer" && textOf(seen) === "";
  const last = isEmpty ? await caughtUp(work, seen) : await withoutEarlierMarks(work, seen);
  if (!last.ok) return last.end;
  const now = last.seen;
  if (isLeftWhole(work, now)) {
    const ms = work.clock.monotonic() - begunAt;
    work.attempt.record({ type: "typed", at: work.clock.now(), ms }, true);
    return goOn(work, now);
  }
  if (isStuck(work, textOf(now))) return leftBeside(work);
  const end = await leftTakenOut(work, now);
  if (end === null) await putDraftBack(work);
  // Somebody types, or has to answer first: then it is seen to, also where this was the last attempt.
  const later = end?.kind === "handed_back" ? end : end && (await asked(work));
  if (later) return later;
  return deferred({
    code: "worker_died",
    message: `the worker ended in the middle of an attempt to ${work.agent.name}; nothing had been submitted`,
    hint: "the message is tried again by itself",
  });
}

/** What an attempt that was cut off has left must not stay, whole or in part; what a person has typed beside it does. Null: done. */
async function leftTakenOut(work: Work, now: Seen): Promise<Outcome | null> {
  const shown = textOf(now);
  const rest = besideEarlier(work, shown);
  if (rest === "" || holdsText(work, now) || isOwn(work, shown)) return cleared(work, now);
  return rest === null ? null : takeDraft(work, now);
}

/** Takes up the draft that an earlier attempt had saved and could not put back. */
function restoreDraft(work: Work): void {
  const file = work.attempt.state.draftFile;
  const text = file === null ? null : work.attempt.readDraft(file);
  if (file !== null && text !== null) work.draft = { text, file };
}
