/** Types a probe into a terminal agent's composer, reads it back, and takes it out again: nothing is submitted. */
import type { TmuxAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import { type Probe, probeAttempt } from "../probe-attempt.ts";
import { cleared } from "./clear.ts";
import { putDraftBack } from "./draft.ts";
import { fill } from "./fill.ts";
import { onPane, type TmuxDeps } from "./session.ts";
import { deferred, look, refused } from "./work.ts";

const ATTEMPT_MS = 20_000;

export type PaneProbe =
  | {
      readonly ok: true;
      /** From the paste to its sight, in milliseconds; null: nothing was typed, because it could not be taken out again. */
      readonly shownMs: number | null;
    }
  | { readonly ok: false; readonly error: DeliveryError };

export async function probePane(deps: TmuxDeps, agent: TmuxAgent, probe: Probe): Promise<PaneProbe> {
  let shownMs: number | null = null;
  const outcome = await onPane(deps, probeAttempt(deps.clock, ATTEMPT_MS, agent, probe), async (work) => {
    if (work.profile.clear.length === 0) return { kind: "confirmed" };
    const filled = await fill(work);
    if (!filled.ok) {
      if (!work.isTextLeft) await putDraftBack(work);
      return filled.end;
    }
    shownMs = filled.shownMs;
    const seen = await look(work);
    if (!seen.ok) return refused(seen);
    const left = await cleared(work, seen);
    if (left !== null) return deferred(probeLeft(agent));
    await putDraftBack(work);
    return { kind: "confirmed" };
  });
  return outcome.kind === "confirmed" ? { ok: true, shownMs } : { ok: false, error: outcome.error };
}

function probeLeft({ name }: TmuxAgent): DeliveryError {
  return {
    code: "readback_mismatch",
    message: `the probe could not be taken out of the composer of ${name} again`,
    hint: 'look at the pane and remove it by hand; its "clear" keys can be set in a profile of your own',
  };
}
