/** What the steps of one attempt at a terminal agent share. */
import type { TmuxAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isShell, type TerminalProfile } from "../../domain/terminal-profile.ts";
import type { OnPane, Pane, PaneRefusal, Screen } from "../../ports/terminals.ts";
import type { Timing } from "../../ports/timing.ts";
import type { Attempt } from "../../ports/transport.ts";
import type { Clock } from "../../ports/world.ts";
import { type Reading, readComposer } from "./composer.ts";
import type { Submit } from "./next-screen.ts";
import { isBlank } from "./same-screen-text.ts";

export interface Work {
  readonly attempt: Attempt;
  readonly agent: TmuxAgent;
  readonly profile: TerminalProfile;
  readonly pane: Pane;
  readonly timing: Timing;
  readonly clock: Clock;
  /** The agent's own process: when it has ended, something else takes the keys. */
  readonly agentPid: number | null;
  /** What a person had typed and swarm has taken out. */
  draft: { readonly text: string; readonly file: string } | null;
  /** The text, or a part of it, may stand in the composer without having been submitted. */
  isTextLeft: boolean;
  /** Characters that were typed to see that all is done with, also by workers that were killed, and are not known to be erased. */
  marksLeft: number;
  /** Nothing that was typed before is still on its way to the agent. */
  isCaughtUp: boolean;
  /** Keys that take text out were pressed, and nothing showed of them: they may still do so. */
  isClearingUnseen: boolean;
  /** Of this attempt, once it is proven. */
  submit: Submit | null;
}

export interface Seen {
  readonly screen: Screen;
  readonly reading: Reading;
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 40;
const PAUSE_GROWTH = 1.5;
/** A frame is drawn within so many milliseconds, also where it came in several pieces. */
const STEADY_MS = 15;

export async function look({ pane, profile }: Work): Promise<OnPane<Seen>> {
  const looked = await pane.look();
  if (!looked.ok) return looked;
  return { ok: true, screen: looked.screen, reading: readComposer(looked.screen, profile) };
}

/** Looks until `isIt`, or until `waitMs` have passed: then with the last look, and `isIt: false`. */
export async function lookUntil(
  work: Work,
  waitMs: number,
  isIt: (seen: Seen) => boolean,
): Promise<OnPane<Seen & { readonly isIt: boolean; readonly ms: number }>> {
  const { clock } = work;
  const startedAt = clock.monotonic();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS)) {
    const seen = await look(work);
    if (!seen.ok) return seen;
    const ms = clock.monotonic() - startedAt;
    const is = isIt(seen);
    if (is || ms >= waitMs) return { ...seen, isIt: is, ms };
    await pause(clock, Math.min(pauseMs, waitMs - ms));
  }
}

/** The same for what must last: a look may find a frame half drawn, and the rest of it says otherwise. */
export async function lookUntilSteady(
  work: Work,
  waitMs: number,
  isIt: (seen: Seen) => boolean,
): Promise<OnPane<Seen & { readonly isIt: boolean; readonly ms: number }>> {
  const until = work.clock.monotonic() + waitMs;
  for (;;) {
    const first = await lookUntil(work, Math.max(0, until - work.clock.monotonic()), isIt);
    if (!first.ok || !first.isIt) return first;
    await pause(work.clock, STEADY_MS);
    const again = await look(work);
    if (!again.ok) return again;
    if (isIt(again)) return { ...again, isIt: true, ms: first.ms };
  }
}

/** What stands in the composer; "" also where there is none. */
export function textOf({ reading }: Pick<Seen, "reading">): string {
  return reading.kind === "composer" && !isBlank(reading.text) ? reading.text : "";
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** Milliseconds that are left of the attempt; never negative. */
export function leftMs({ attempt, clock }: Work): number {
  return Math.max(0, attempt.deadline - clock.monotonic());
}

/** The outcome of a refusal before anything was submitted. */
export function refused({ error }: PaneRefusal): Outcome {
  return { kind: "deferred", error };
}

export function deferred(error: DeliveryError): Outcome {
  return { kind: "deferred", error };
}

/** The agent that was there when the attempt began still runs. Where the system tells no processes, a shell in front is its end. */
export function isAlive({ agentPid }: Work, { screen }: Pick<Seen, "screen">): boolean {
  if (agentPid === null) return !isShell(screen.program);
  try {
    process.kill(agentPid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
