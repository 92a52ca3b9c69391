/** The desktop transport: raises the agent's window, fills its composer, proves it, submits, proves that, puts all back. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Attempt, Transport } from "../../ports/transport.ts";
import { lostSight } from "../lost-sight.ts";
import { fill } from "./fill.ts";
import { untilFinished } from "./finish.ts";
import { leftTexts } from "./left-texts.ts";
import { putBack } from "./put-back.ts";
import { putBackOrLater } from "./put-back-later.ts";
import { remains } from "./remains.ts";
import { finishSubmitted, restoreDraft, resumeOn, taken } from "./resume.ts";
import type { DesktopDeps } from "./session.ts";
import { submit } from "./submit.ts";
import { provenWhole } from "./whole.ts";
import { leftMs, refused, takeAim, type Work } from "./work.ts";

export type { DesktopDeps, DesktopSettings } from "./session.ts";

/** How often a text is looked for after a crash where that fails for the moment, and the pause before, in milliseconds. */
const RESUME_LOOKS = 5;
const RESUME_PAUSE_MS = 500;
const PASSING: ReadonlySet<string> = new Set(["desktop_crashed", "window_ambiguous"]);

export function desktopTransport(deps: DesktopDeps): Transport {
  const texts = leftTexts();
  const left = remains();

  const remembering = async (work: Work, outcome: Outcome): Promise<Outcome> => {
    const isClean = await putBack(work);
    await left.note(work, isClean);
    texts.note(work, isClean, outcome);
    return outcome;
  };

  return {
    start: (signal) => putBackOrLater(deps, signal),

    async deliver(attempt) {
      texts.recall(attempt);
      const { name } = attempt.agent;
      const owe = (work: Work | null) => left.owe(name, work);
      const use = async (work: Work) => {
        restoreDraft(work);
        await left.tell(work);
        attempt.record({ type: "intent", at: deps.clock.now(), window: work.window.title }, true);
        const aimed = await takeAim(work);
        if (!aimed.ok) return remembering(work, refused(aimed));
        const found = await texts.find(work);
        if (found.kind === "unseen") {
          await left.note(work, false);
          return found.end;
        }
        if (found.kind === "gone") {
          await putBack(work);
          return taken(work);
        }
        const startedAt = deps.clock.monotonic();
        const problem = await fill(work);
        if (problem) return remembering(work, problem);
        const isAgain = attempt.state.totalAttempts > 1;
        const notWhole = isAgain ? await provenWhole(work, leftMs(work) / 2) : null;
        if (notWhole) return remembering(work, notWhole);
        const ms = deps.clock.monotonic() - startedAt;
        work.typedMs = ms;
        texts.replaced(work.strays);
        const end = await submit(work, proofMs(deps, ms));
        return end?.kind === "unwatched" ? end : remembering(work, end ?? { kind: "confirmed" });
      };
      const outcome = await untilFinished(deps, attempt, use, owe);
      left.ended(name, outcome);
      return texts.told(attempt, outcome);
    },

    resume: async (attempt) => {
      texts.recall(attempt);
      await deps.desktop.putBackLeftBehind(attempt.signal);
      const owe = (work: Work | null) => left.owe(attempt.agent.name, work);
      if (attempt.state.step === "submitted") return finishSubmitted(deps, attempt, owe);
      const outcome = await oncePassed(deps, attempt, () =>
        untilFinished(deps, attempt, (work) => resumeOn(deps, work, remembering), owe),
      );
      // Typed, and nobody can look any more: whether it was submitted stays open. Handed back: look again later.
      const isUnsubmitted = outcome.kind === "deferred" && outcome.error.code === "worker_died";
      const isLostSight = attempt.state.step === "typed" && outcome.kind === "deferred" && !isUnsubmitted;
      return isLostSight ? lostSight(attempt, outcome.error.message) : texts.told(attempt, outcome);
    },

    close: () => deps.desktop.close(),
  };
}

/** How long the proof of a submit is looked for: as long as the way to Enter had, and longer on a page that was slow. */
function proofMs(deps: DesktopDeps, fillMs: number): number {
  const { attemptMs } = deps.settings();
  return Math.min(Math.max(attemptMs, fillMs * 2), attemptMs * 1.5);
}

/** Looks again where nobody could look just now, and soon somebody can. */
async function oncePassed(
  { clock }: DesktopDeps,
  { signal }: Attempt,
  lookNow: () => Promise<Outcome>,
): Promise<Outcome> {
  for (let looks = 1; ; looks++) {
    const outcome = await lookNow();
    const isPassing = outcome.kind === "deferred" && PASSING.has(outcome.error.code);
    if (!isPassing || looks === RESUME_LOOKS || signal.aborted) return outcome;
    await new Promise<void>((resolve) => clock.after(RESUME_PAUSE_MS, resolve));
  }
}
