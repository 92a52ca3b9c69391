/**
 * Takes an attempt up again where the hands had to be taken off too early: after Enter, its proof is looked for when they
 * may be used again; at the end, a draft that is not back yet is put back. Both wait for a person's pause.
 */
import type { Outcome } from "../../domain/outcome.ts";
import type { Attempt } from "../../ports/transport.ts";
import { putBack } from "./put-back.ts";
import { type DesktopDeps, withDesktop } from "./session.ts";
import { proveEnter, type Unwatched } from "./submit.ts";
import { unproven } from "./submit-errors.ts";
import { takeAim, type Work } from "./work.ts";

/** How often the proof of an Enter is taken up again, and the putting back; and the pause before that, in milliseconds. */
const PROOFS = 12;
const PUT_BACKS = 4;
const PAUSE_MS = 500;
/** A field that is silent after the submit may be closed for long: a control that may stand there is left to the next attempt. */
const MARK_PUT_BACKS = 1;
/** So long a window is waited for that can't be told from another, or is not there; in milliseconds. */
const WINDOW_MS = 10_000;

/** As `withDesktop`, to the end. */
export async function untilFinished(
  deps: DesktopDeps,
  attempt: Attempt,
  use: (work: Work) => Promise<Outcome | Unwatched>,
  owe: (work: Work | null) => void,
): Promise<Outcome> {
  const last: Last = { work: null, unwatched: null };
  const keeping = async (work: Work, end: Outcome | Unwatched): Promise<Outcome> => {
    last.work = work;
    last.unwatched = end.kind === "unwatched" ? end : null;
    return end.kind === "unwatched" ? unproven(work, end.error) : end;
  };
  let outcome = await withDesktop(deps, attempt, async (work) => keeping(work, await use(work)));
  for (let looks = 0; last.unwatched && looks < PROOFS && !attempt.signal.aborted; looks++) {
    const { work: before, unwatched } = last;
    const seen = await inPause(deps, attempt, before, async (work) =>
      keeping(work, await lookAgain(deps, work, unwatched)),
    );
    // Not even the window could be had: what was to be proven stays open.
    if (last.unwatched === null) outcome = seen;
  }
  const windowUntil = deps.clock.monotonic() + WINDOW_MS;
  for (let tries = 0; isOwed(outcome, last) && tries < putBacks(last) && !attempt.signal.aborted; ) {
    let isThere = false;
    await inPause(deps, attempt, last.work, async (work) => {
      isThere = true;
      if ((await takeAim(work)).ok) await putBack(work);
      return keeping(work, outcome);
    });
    if (isThere || deps.clock.monotonic() > windowUntil) tries += 1;
  }
  // Else what was read last may have been the page around a closed field.
  if (outcome.kind === "confirmed") owe(last.work);
  return outcome;
}

interface Last {
  work: Work | null;
  unwatched: Unwatched | null;
}

/** What was found is put back before the message ends; the next attempt does so for one that goes on. */
function isOwed(outcome: Outcome, { work }: Last): boolean {
  return isEnd(outcome) && work !== null && (work.draft !== null || work.isMarkLeft);
}

function putBacks({ work }: Last): number {
  return work?.draft || work?.isTextLeft ? PUT_BACKS : MARK_PUT_BACKS;
}

function isEnd({ kind }: Outcome): boolean {
  return kind === "confirmed" || kind === "unknown" || kind === "rejected";
}

async function inPause(
  deps: DesktopDeps,
  attempt: Attempt,
  before: Work | null,
  use: (work: Work) => Promise<Outcome>,
): Promise<Outcome> {
  const takingOver = (work: Work) => {
    work.draft = before?.draft ?? null;
    work.isDraftBack = before?.isDraftBack ?? false;
    work.isMarkLeft = before?.isMarkLeft ?? false;
    // Typed into a field that was closed, it will never come.
    work.isMarkFromBefore = work.isMarkLeft;
    work.wasMarked = before?.wasMarked ?? false;
    work.foreign = before?.foreign ?? [];
    work.isWidening = before?.isWidening ?? false;
    work.isTextLeft = before?.isTextLeft ?? false;
    return use(work);
  };
  await new Promise<void>((resolve) => deps.clock.after(PAUSE_MS, resolve));
  return withDesktop(deps, attempt, takingOver, { isUrgent: false });
}

async function lookAgain(deps: DesktopDeps, work: Work, unwatched: Unwatched): Promise<Outcome | Unwatched> {
  const aimed = await takeAim(work);
  if (!aimed.ok) return unwatched;
  const end = await proveEnter(work, unwatched, deps.settings().attemptMs);
  if (end?.kind === "unwatched") return end;
  await putBack(work);
  return end ?? { kind: "confirmed" };
}
