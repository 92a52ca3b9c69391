/** The desktop transport: raises the agent's window, fills its composer, proves it, submits, proves that, puts all back. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Content, Guarded } from "../../ports/desktop.ts";
import type { Attempt, Transport } from "../../ports/transport.ts";
import { lostSight } from "../lost-sight.ts";
import { eraseMark, holdsNow, isMark, isOneLonger } from "./control.ts";
import { fill } from "./fill.ts";
import { isOwnText, isTooLarge, keepDraft } from "./keep-draft.ts";
import { putBack } from "./put-back.ts";
import { halfOf, isBlank, sameText, without } from "./same-text.ts";
import { type DesktopDeps, withDesktop } from "./session.ts";
import { submit } from "./submit.ts";
import { look, lookKeys, refused, takeAim, type Work } from "./work.ts";

export type { DesktopDeps, DesktopSettings } from "./session.ts";

/** Looks after a crash wait this long for a slow page, in milliseconds. */
const RESUME_LOOK_MS = 1_000;
const RESUME_CONTROL_MS = 10_000;

export function desktopTransport(deps: DesktopDeps): Transport {
  /** Messages whose text an attempt had to leave in the composer, unsubmitted. */
  const leftInComposer = new Set<string>();

  const remembering = async (work: Work, outcome: Outcome): Promise<Outcome> => {
    const isClean = await putBack(work);
    const { id } = work.attempt.message;
    if (isClean || !work.isTextLeft || outcome.kind === "unknown") {
      leftInComposer.delete(id);
      return outcome;
    }
    leftInComposer.add(id);
    return outcome.kind === "rejected" ? leftStanding(work, outcome) : outcome;
  };

  return {
    start: (signal) => deps.desktop.putBackLeftBehind(signal),

    deliver: (attempt) =>
      withDesktop(deps, attempt, async (work) => {
        restoreDraft(work);
        attempt.record({ type: "intent", at: deps.clock.now(), window: work.window.title }, true);
        const aimed = await takeAim(work);
        if (!aimed.ok) return remembering(work, refused(aimed));
        if (leftInComposer.has(attempt.message.id) && !(await stillHolds(work))) {
          leftInComposer.delete(attempt.message.id);
          return taken(work);
        }
        const startedAt = deps.clock.monotonic();
        const problem = await fill(work);
        if (problem) return remembering(work, problem);
        const ms = deps.clock.monotonic() - startedAt;
        attempt.record({ type: "typed", at: deps.clock.now(), ms }, true);
        const end = await submit(work, proofMs(deps, ms));
        return remembering(work, end ?? { kind: "confirmed" });
      }),

    resume: async (attempt) => {
      await deps.desktop.putBackLeftBehind(attempt.signal);
      if (attempt.state.step === "submitted") return finishSubmitted(deps, attempt);
      const outcome = await withDesktop(deps, attempt, (work) => resumeOn(deps, work));
      // Typed, and nobody can look any more: whether it was submitted stays open. Handed back: look again later.
      const isLostSight = attempt.state.step === "typed" && outcome.kind === "deferred";
      return isLostSight ? lostSight(attempt, outcome.error.message) : outcome;
    },

    close: () => deps.desktop.close(),
  };
}

/** How long the proof of a submit is looked for: as long as the way to Enter had, and longer on a page that was slow. */
function proofMs(deps: DesktopDeps, fillMs: number): number {
  const { attemptMs } = deps.settings();
  return Math.min(Math.max(attemptMs, fillMs * 2), attemptMs * 1.5);
}

/** Proven already; but the draft may not be back yet. Handed back: put it back later. */
async function finishSubmitted(deps: DesktopDeps, attempt: Attempt): Promise<Outcome> {
  if (attempt.state.draftFile === null) return { kind: "confirmed" };
  const outcome = await withDesktop(deps, attempt, async (work) => {
    restoreDraft(work);
    const aimed = await takeAim(work);
    if (!aimed.ok) return refused(aimed);
    await putBack(work);
    return { kind: "confirmed" };
  });
  return outcome.kind === "handed_back" ? outcome : { kind: "confirmed" };
}

async function resumeOn(deps: DesktopDeps, work: Work): Promise<Outcome> {
  const { attempt } = work;
  restoreDraft(work);
  const aimed = await takeAim(work);
  if (!aimed.ok) return refused(aimed);
  const found = await foundAfterCrash(work);
  if (!found.ok) return refused(found);
  const { now, holdsText } = found;
  if (attempt.state.step === "typed") {
    if (holdsText) {
      work.isTextLeft = true;
      const end = await submit(work, deps.settings().attemptMs);
      await putBack(work);
      return end ?? { kind: "confirmed" };
    }
    await putBack(work);
    return taken(work);
  }
  work.isTextLeft = holdsText || without(now, attempt.text) !== null;
  keepOnce(work, now);
  await putBack(work);
  return {
    kind: "deferred",
    error: {
      code: "worker_died",
      message: `the worker ended in the middle of an attempt to ${work.agent.name}; nothing had been submitted`,
      hint: "the message is tried again by itself",
    },
  };
}

/**
 * A page that answered late may have pasted its own copy: then a draft stands there twice that nobody has saved. Both are
 * on disk, for a person may have written it so; it is put back once.
 */
function keepOnce(work: Work, now: string): void {
  const half = work.draft === null ? halfOf(now) : null;
  if (half === null || isTooLarge(half) || isOwnText(work, now)) return;
  const twice = keepDraft(work, { text: now, flavors: {} });
  work.draft = null;
  if (twice === null) keepDraft(work, { text: half, flavors: {} });
}

/** What the composer holds. The character of a control that was cut off is taken out, or noted for `putBack`. */
async function foundAfterCrash(
  work: Work,
): Promise<Guarded<{ readonly now: string; readonly holdsText: boolean }>> {
  const { attempt } = work;
  let looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  if (looked.ok && looked.look.kind === "text" && isOneLonger(looked.look.content.text, attempt.text)) {
    work.isMarkLeft = true;
    const erased = await eraseMark(work, looked.look.content.text);
    if (!erased.ok) return erased;
    looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  }
  if (!looked.ok) return looked;
  const now = looked.look.kind === "text" ? looked.look.content.text : "";
  if (isMark(now)) work.isMarkLeft = true;
  if (!isBlank(now)) return { ok: true, now, holdsText: sameText(now, attempt.text) };
  const control = await holdsNow(work, RESUME_CONTROL_MS);
  return control.ok ? { ok: true, now, holdsText: control.holds === "text" } : control;
}

/** Reads the draft that an earlier attempt had saved and could not put back. */
function restoreDraft(work: Work): void {
  const file = work.attempt.state.draftFile;
  const saved = file === null ? null : work.attempt.readDraft(file);
  if (file === null || saved === null) return;
  try {
    work.draft = { content: JSON.parse(saved) as Content, file };
  } catch {
    // The file stays where it is; a person can read it.
  }
}

async function stillHolds(work: Work): Promise<boolean> {
  const looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  if (!looked.ok || looked.look.kind === "silence") return false;
  const { text } = looked.look.content;
  return !isBlank(text) && (sameText(text, work.attempt.text) || without(text, work.attempt.text) !== null);
}

function taken(work: Work): Outcome {
  return lostSight(work.attempt, "the text was in the input field and is not any more");
}

function leftStanding(work: Work, outcome: Outcome & { readonly kind: "rejected" }): Outcome {
  return {
    kind: "unknown",
    error: {
      ...outcome.error,
      message: `${outcome.error.message}; its text still stands in the input field of ${work.agent.name}`,
      hint: `remove or submit it there by hand; to send it anew: swarm retry-failed --unconfirmed --id ${work.attempt.message.id}`,
    },
  };
}
