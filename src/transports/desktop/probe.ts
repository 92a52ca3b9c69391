/** Types a probe into an agent's composer, reads it back, and takes it out again: nothing is submitted. Measures delays. */
import type { DesktopAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import { type Probe, probeAttempt } from "../probe-attempt.ts";
import { fill } from "./fill.ts";
import { putBack } from "./put-back.ts";
import { type DesktopDeps, withDesktop } from "./session.ts";
import { refused, takeAim } from "./work.ts";

export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly error: DeliveryError };

/** One round. The delays go to `deps.timing` as those of a delivery do. */
export async function probeComposer(
  deps: DesktopDeps,
  agent: DesktopAgent,
  probe: Probe,
): Promise<ProbeResult> {
  const outcome = await withDesktop(
    deps,
    probeAttempt(deps.clock, deps.settings().attemptMs, agent, probe),
    async (work) => {
      const aimed = await takeAim(work);
      if (!aimed.ok) return refused(aimed);
      const problem = await fill(work);
      const isClean = await putBack(work);
      if (problem) return problem;
      if (isClean) return { kind: "confirmed" };
      return {
        kind: "deferred",
        error: {
          code: "readback_mismatch",
          message: `the probe could not be taken out of the input field of ${agent.name} again`,
          hint: "look at the field and remove it by hand",
        },
      };
    },
  );
  return outcome.kind === "confirmed" ? { ok: true } : { ok: false, error: outcome.error };
}
