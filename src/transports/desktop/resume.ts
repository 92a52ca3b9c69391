/** After a crash: sees what became of a text that was being typed, and ends what was begun. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Content, Guarded } from "../../ports/desktop.ts";
import type { Attempt } from "../../ports/transport.ts";
import { lostSight } from "../lost-sight.ts";
import { eraseMark, holdsNow, isOneLonger, withoutOwnMark } from "./control.ts";
import { untilFinished } from "./finish.ts";
import { keepOnce } from "./keep-draft.ts";
import { putBack } from "./put-back.ts";
import { besides, isBlank, sameText } from "./same-text.ts";
import type { DesktopDeps } from "./session.ts";
import { submit, type Unwatched } from "./submit.ts";
import { isPassing, leftMs, look, lookKeys, refused, takeAim, type Work } from "./work.ts";

/** Looks after a crash wait this long for a slow page, in milliseconds. */
export const RESUME_LOOK_MS = 1_000;
const RESUME_CONTROL_MS = 10_000;
/** After something that passes it looks again, in milliseconds. */
const PASSING_MS = 200;

/** Proven already; but the draft may not be back yet. Handed back: put it back later. */
export async function finishSubmitted(
  deps: DesktopDeps,
  attempt: Attempt,
  owe: (work: Work | null) => void,
): Promise<Outcome> {
  if (attempt.state.draftFile === null) return { kind: "confirmed" };
  const use = async (work: Work): Promise<Outcome> => {
    restoreDraft(work);
    work.mayBeEntered = true;
    const aimed = await takeAim(work);
    if (aimed.ok) await putBack(work);
    else if (aimed.isHandsOff) return refused(aimed);
    return { kind: "confirmed" };
  };
  const outcome = await untilFinished(deps, attempt, use, owe);
  return outcome.kind === "handed_back" ? outcome : { kind: "confirmed" };
}

/** `puttingBack`: puts all back, and remembers what could not be. */
export async function resumeOn(
  deps: DesktopDeps,
  work: Work,
  puttingBack: (work: Work, outcome: Outcome) => Promise<Outcome>,
): Promise<Outcome | Unwatched> {
  const { attempt } = work;
  restoreDraft(work);
  const found = await foundOnceQuiet(work);
  if (!found.ok) return refused(found);
  const { now, holdsText } = found;
  // With something of a person's in it, it was not submitted either.
  const isThere = holdsText || besides(now, attempt.text) !== null;
  work.isTextLeft = isThere;
  work.isTextSeen = isThere;
  if (attempt.state.step === "typed" && holdsText) {
    const end = await submit(work, deps.settings().attemptMs);
    return end?.kind === "unwatched" ? end : puttingBack(work, end ?? { kind: "confirmed" });
  }
  // An attempt before may have left it there, where a person could submit it.
  const hasStood = attempt.state.step === "typed" || attempt.state.isTextLeft;
  if (hasStood && !isThere) return puttingBack(work, taken(work));
  keepOnce(work, now);
  return puttingBack(work, {
    kind: "deferred",
    error: {
      code: "worker_died",
      message: `the worker ended in the middle of an attempt to ${work.agent.name}; nothing had been submitted`,
      hint: "the message is tried again by itself",
    },
  });
}

interface Found {
  readonly now: string;
  readonly holdsText: boolean;
}

async function foundOnceQuiet(work: Work): Promise<Guarded<Found>> {
  for (;;) {
    const aimed = await takeAim(work);
    const found = aimed.ok ? await foundAfterCrash(work) : aimed;
    if (found.ok || !isPassing(found) || leftMs(work) === 0 || work.attempt.signal.aborted) return found;
    await new Promise<void>((resolve) => work.clock.after(PASSING_MS, resolve));
  }
}

/** What the composer holds. The character of a control that was cut off is taken out, or noted for `putBack`. */
async function foundAfterCrash(work: Work): Promise<Guarded<Found>> {
  const { attempt } = work;
  let looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  const read = looked.ok && looked.look.kind === "text" ? looked.look.content.text : "";
  if (work.isMarkLeft && isOneLonger(read, attempt.text)) {
    const erased = await eraseMark(work, read);
    if (!erased.ok) return erased;
    looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  }
  if (!looked.ok) return looked;
  const last = looked.look.kind === "text" ? looked.look.content.text : "";
  const now = withoutOwnMark(work, last);
  if (!isBlank(now)) return { ok: true, now, holdsText: sameText(last, attempt.text) };
  const control = await holdsNow(work, RESUME_CONTROL_MS);
  return control.ok ? { ok: true, now, holdsText: control.holds === "text" } : control;
}

/** Reads the draft that an earlier attempt had saved and could not put back. */
export function restoreDraft(work: Work): void {
  const file = work.attempt.state.draftFile;
  const saved = file === null ? null : work.attempt.readDraft(file);
  if (file === null || saved === null) return;
  try {
    work.draft = { content: JSON.parse(saved) as Content, file };
    work.isDraftKnown = true;
  } catch {
    // The file stays where it is; a person can read it.
  }
}

export function taken(work: Work): Outcome {
  return lostSight(work.attempt, "the text was in the input field and is not any more");
}
