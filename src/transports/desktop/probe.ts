/** Types a probe into an agent's composer, reads it back, and takes it out again: nothing is submitted. Measures delays. */
import type { DesktopAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { Message } from "../../domain/message.ts";
import { initialState } from "../../domain/status.ts";
import type { Attempt } from "../../ports/transport.ts";
import { fill } from "./fill.ts";
import { putBack } from "./put-back.ts";
import { type DesktopDeps, withDesktop } from "./session.ts";
import { refused, takeAim } from "./work.ts";

export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly error: DeliveryError };

export interface Probe {
  readonly id: string;
  readonly text: string;
  readonly display: string | null;
  /** Saves a draft that was found, durably, and returns where. */
  saveDraft(text: string): string;
}

/** One round. The delays go to `deps.timing` as those of a delivery do. */
export async function probeComposer(
  deps: DesktopDeps,
  agent: DesktopAgent,
  probe: Probe,
): Promise<ProbeResult> {
  const outcome = await withDesktop(deps, probeAttempt(deps, agent, probe), async (work) => {
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
  });
  return outcome.kind === "confirmed" ? { ok: true } : { ok: false, error: outcome.error };
}

function probeAttempt(deps: DesktopDeps, agent: DesktopAgent, probe: Probe): Attempt {
  const now = deps.clock.now();
  const message: Message = {
    id: probe.id,
    broadcastId: null,
    recipient: agent.name,
    sender: "swarm calibrate",
    // A person asked for it just now: there is no pause to wait for.
    priority: "urgent",
    body: probe.text,
    sha256: "",
    key: null,
    raw: true,
    display: probe.display,
    acceptedAt: now,
    expiresAt: null,
  };
  return {
    message,
    agent,
    state: initialState(now),
    text: probe.text,
    pointer: "",
    recentTexts: [],
    record: () => undefined,
    saveDraft: (text) => probe.saveDraft(text),
    readDraft: () => null,
    deadline: deps.clock.monotonic() + deps.settings().attemptMs,
    signal: new AbortController().signal,
  };
}
