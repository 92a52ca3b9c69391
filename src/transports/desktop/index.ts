/** The desktop transport: raises the agent's window, fills its composer, proves it, submits, proves that, puts all back. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Attempt, Transport } from "../../ports/transport.ts";
import { lostSight } from "../lost-sight.ts";
import { holdsNow } from "./control.ts";
import { fill } from "./fill.ts";
import { untilFinished } from "./finish.ts";
import { noComposer } from "./first-look.ts";
import { putBack } from "./put-back.ts";
import { remains } from "./remains.ts";
import { finishSubmitted, RESUME_LOOK_MS, restoreDraft, resumeOn, taken } from "./resume.ts";
import { besides, isBlank, sameText } from "./same-text.ts";
import type { DesktopDeps } from "./session.ts";
import { submit } from "./submit.ts";
import { provenWhole } from "./whole.ts";
import { deferred, leftMs, look, lookKeys, mayBeSubmitted, refused, takeAim, type Work } from "./work.ts";

export type { DesktopDeps, DesktopSettings } from "./session.ts";

/** How often a text is looked for after a crash where that fails for the moment, and the pause before, in milliseconds. */
const RESUME_LOOKS = 5;
const RESUME_PAUSE_MS = 500;
/** Between tries to put back what a killed worker had found: at first, and at most, in milliseconds. */
const BACK_PAUSE_MS = 2_000;
const BACK_LONGEST_MS = 60_000;
const PASSING: ReadonlySet<string> = new Set(["desktop_crashed", "window_ambiguous"]);

export function desktopTransport(deps: DesktopDeps): Transport {
  /** Messages whose text an attempt had to leave in the composer, unsubmitted. */
  const leftInComposer = new Map<string, LeftText>();

  const left = remains();

  const remembering = async (work: Work, outcome: Outcome): Promise<Outcome> => {
    const isClean = await putBack(work);
    await left.note(work, isClean);
    const { id } = work.attempt.message;
    // Nothing was typed, and what an attempt before had to leave was not looked at.
    if (!work.isRead && !work.isTextLeft)
      return outcome.kind === "rejected" && leftInComposer.has(id) ? leftStanding(work, outcome) : outcome;
    if (isClean || !work.isTextLeft || outcome.kind === "unknown") {
      leftInComposer.delete(id);
      return outcome;
    }
    // What was never seen there, or taken out without an answer, may be typed again.
    if (!work.isTextSeen) {
      leftInComposer.delete(id);
      return outcome;
    }
    const at = work.mayBeEntered ? null : (work.knownAt ?? work.begunAt);
    leftInComposer.set(id, { text: work.attempt.text, at });
    return outcome.kind === "rejected" ? leftStanding(work, outcome) : outcome;
  };

  return {
    start: (signal) => untilBack(deps, signal),

    async deliver(attempt) {
      const { name } = attempt.agent;
      const owe = (work: Work | null) => left.owe(name, work);
      const use = async (work: Work) => {
        restoreDraft(work);
        await left.tell(work);
        attempt.record({ type: "intent", at: deps.clock.now(), window: work.window.title }, true);
        const aimed = await takeAim(work);
        if (!aimed.ok) return remembering(work, refused(aimed));
        const leftText = leftInComposer.get(attempt.message.id);
        const there = leftText ? await leftThere(work) : null;
        if (there && !there.ok) {
          await left.note(work, false);
          return there.end;
        }
        work.isTextLeft = there?.holds ?? false;
        work.isTextSeen = work.isTextLeft;
        if (leftText && !there?.holds && (await mayBeSubmitted(work, leftText.at))) {
          leftInComposer.delete(attempt.message.id);
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
        // What an attempt of another message had left there is gone, and was not submitted.
        for (const [id, { text }] of leftInComposer)
          if (work.strays.includes(text)) leftInComposer.delete(id);
        const end = await submit(work, proofMs(deps, ms));
        return end?.kind === "unwatched" ? end : remembering(work, end ?? { kind: "confirmed" });
      };
      const outcome = await untilFinished(deps, attempt, use, owe);
      left.ended(name, outcome);
      return outcome;
    },

    resume: async (attempt) => {
      await deps.desktop.putBackLeftBehind(attempt.signal);
      if (attempt.state.step === "submitted") return finishSubmitted(deps, attempt);
      const outcome = await oncePassed(deps, attempt, () =>
        untilFinished(
          deps,
          attempt,
          (work) => resumeOn(deps, work),
          (work) => left.owe(attempt.agent.name, work),
        ),
      );
      // Typed, and nobody can look any more: whether it was submitted stays open. Handed back: look again later.
      const isUnsubmitted = outcome.kind === "deferred" && outcome.error.code === "worker_died";
      const isLostSight = attempt.state.step === "typed" && outcome.kind === "deferred" && !isUnsubmitted;
      if (isUnsubmitted) leftInComposer.delete(attempt.message.id);
      return isLostSight ? lostSight(attempt, outcome.error.message) : outcome;
    },

    close: () => deps.desktop.close(),
  };
}

/** What a killed worker had found, and could not be put back at once: nobody else does it where nothing is to be delivered. */
async function untilBack({ desktop, clock }: DesktopDeps, signal: AbortSignal): Promise<void> {
  for (let pauseMs = BACK_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, BACK_LONGEST_MS)) {
    if (await desktop.putBackLeftBehind(signal)) return;
    await new Promise<void>((resolve) => {
      const goOn = () => {
        cancel();
        signal.removeEventListener("abort", goOn);
        resolve();
      };
      const cancel = clock.after(pauseMs, goOn);
      signal.addEventListener("abort", goOn);
    });
  }
}

/** How long the proof of a submit is looked for: as long as the way to Enter had, and longer on a page that was slow. */
function proofMs(deps: DesktopDeps, fillMs: number): number {
  const { attemptMs } = deps.settings();
  return Math.min(Math.max(attemptMs, fillMs * 2), attemptMs * 1.5);
}

/** Whether the composer holds the text that an attempt before had to leave; or how this attempt ends where nobody can tell. */
async function leftThere(
  work: Work,
): Promise<{ readonly ok: true; readonly holds: boolean } | { readonly ok: false; readonly end: Outcome }> {
  const looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  if (!looked.ok) return { ok: false, end: refused(looked) };
  if (looked.look.kind === "text" && !isBlank(looked.look.content.text)) {
    const { text } = looked.look.content;
    return {
      ok: true,
      holds: sameText(text, work.attempt.text) || besides(text, work.attempt.text) !== null,
    };
  }
  // A page that stands still is silent too.
  const control = await holdsNow(work, leftMs(work) / 2);
  if (!control.ok) return { ok: false, end: refused(control) };
  if (control.holds === "no_answer") return { ok: false, end: deferred(noComposer(work, "answers nothing")) };
  return {
    ok: true,
    holds: control.holds === "text" || control.holds === "cut" || control.holds === "mixed",
  };
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

interface LeftText {
  readonly text: string;
  /** From when on it may have been submitted by a person, on the monotonic clock; null: swarm itself may have done so. */
  readonly at: number | null;
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
