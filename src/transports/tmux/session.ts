/** The pane of one attempt: found, pinned, and held against other swarms. */
import type { TmuxAgent } from "../../domain/agent.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { TerminalProfile } from "../../domain/terminal-profile.ts";
import type { Pane, Terminals } from "../../ports/terminals.ts";
import type { Timing } from "../../ports/timing.ts";
import type { Attempt } from "../../ports/transport.ts";
import type { Clock } from "../../ports/world.ts";
import { findPane } from "./find-pane.ts";
import { targetOf } from "./target.ts";
import { refused, type Work } from "./work.ts";

export interface TmuxDeps {
  readonly terminals: Terminals;
  readonly timing: Timing;
  readonly clock: Clock;
  /** Asked anew for each attempt: the configuration may change. */
  readonly profiles: () => ReadonlyMap<string, TerminalProfile>;
}

/** Finds the pane, makes sure that an agent takes its keys, and lets nobody else of ours at it meanwhile. */
export async function onPane(
  deps: TmuxDeps,
  attempt: Attempt,
  use: (work: Work) => Promise<Outcome>,
): Promise<Outcome> {
  const agent = attempt.agent as TmuxAgent;
  const found = await findPane(deps.terminals, agent);
  if (!found.ok) return refused(found);
  const { pane } = found;
  const release = await pane.hold(Math.max(0, attempt.deadline - deps.clock.monotonic()));
  if (!release) return paneBusy(agent, pane);
  try {
    const looked = await pane.look();
    if (!looked.ok) return refused(looked);
    if (looked.screen.isInMode) {
      const left = await pane.leaveMode();
      if (!left.ok) return refused(left);
    }
    const target = await targetOf(agent, pane, looked.screen.program, deps.profiles());
    if (!target.ok) return { kind: target.isForGood ? "rejected" : "deferred", error: target.error };
    const { profile, agentPid } = target.chosen;
    const { timing, clock } = deps;
    const text = textFor(attempt, looked.screen.takesPastes ?? profile.takesPastes);
    return await use({
      attempt: { ...attempt, text },
      ...{ agent, profile, agentPid, pane, timing, clock },
      draft: null,
      isTextLeft: false,
      marksLeft: attempt.state.marksLeft,
      isCaughtUp: false,
      isClearingUnseen: false,
      submit: null,
    });
  } finally {
    release();
  }
}

/** Several lines, typed into a program that knows no pastes, would be submitted one by one. */
function textFor({ text, pointer }: Attempt, takesPastes: boolean): string {
  return takesPastes || !text.includes("\n") ? text : pointer;
}

function paneBusy(agent: TmuxAgent, pane: Pane): Outcome {
  return {
    kind: "handed_back",
    error: {
      code: "lock_timeout",
      message: `another swarm is typing in the pane ${pane.where} of ${agent.name}`,
      hint: "the message is delivered by itself after that",
    },
  };
}
