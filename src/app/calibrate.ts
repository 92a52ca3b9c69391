/** Shows swarm where an agent's input field is: window and point, a live probe, the delays, and the entry in `swarm.json`. */
import { driverDesktop } from "../desktop/driver-client.ts";
import type { DesktopAgent, InputPoint, Point } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Desktop } from "../ports/desktop.ts";
import type { Timing } from "../ports/timing.ts";
import type { Clock, Random } from "../ports/world.ts";
import type { DesktopSettings } from "../transports/desktop/index.ts";
import { probeComposer } from "../transports/desktop/probe.ts";
import { writeAgentEntry } from "./agent-entry.ts";
import { keepCalibration } from "./calibration-file.ts";
import { driverPath } from "./driver-path.ts";
import { type CalibratedAgent, type PlaceRequest, type PlaceShown, placeShown } from "./show-place.ts";

export interface CalibrateDeps {
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: Timing;
  readonly settings: () => DesktopSettings;
}

export interface CalibrateRequest extends PlaceRequest {
  /** Display of the calling process, or null. */
  readonly display: string | null;
  /** Resolves when the person has placed the pointer over the agent's input field. */
  pointerPlaced(): Promise<void>;
  /** Saves a draft that the probe found, durably, and returns its path. */
  saveDraft(text: string): string;
  /** Told what happens, for the terminal. */
  progress(text: string): void;
}

export interface StepDelay {
  readonly step: string;
  readonly medianMs: number;
}

/** `point`: where the pointer was, or the point that was given; null: it was not looked. */
export type CalibrateResult = { readonly point: Point | null } & (
  | {
      readonly ok: true;
      readonly entry: CalibratedAgent;
      readonly delays: readonly StepDelay[];
      readonly configPath: string;
    }
  | { readonly ok: false; readonly error: DeliveryError }
);

/** Rounds of the probe: the first warms the window up, all are measured. */
const ROUNDS = 3;
const LINE_MS = 30_000;
const STEPS = ["raise", "answer"] as const;

/** Captures, probes, and writes the entry only when the probe was read back and removed. */
export async function calibrate(deps: CalibrateDeps, request: CalibrateRequest): Promise<CalibrateResult> {
  const desktop = driverDesktop({
    driverPath: driverPath(),
    onOutput: (text) => request.progress(text),
    isApart: true,
  });
  try {
    const captured = await whatIsShown(deps, desktop, request);
    if (!captured.ok) return captured;
    const { entry } = captured;
    request.progress(`window "${entry.window.title}", ${describePoint(entry.input)}; typing a probe`);
    const agent = asAgent(request.agent, entry);
    for (let round = 1; round <= ROUNDS; round++) {
      const hex = deps.random.hex(4);
      const probed = await probeComposer({ ...deps, desktop }, agent, {
        id: `probe_${hex}`,
        text: `swarm probe ${hex}: typed, read back and removed; never submitted`,
        display: request.display,
        saveDraft: (text) => request.saveDraft(text),
      });
      if (!probed.ok) return { ...probed, point: captured.point };
      request.progress(`probe ${round} of ${ROUNDS}: read back and removed`);
    }
    const configPath = writeAgentEntry(deps.root, request.agent, entry);
    const unkept = keepCalibration(deps.root, request.agent, captured.measured);
    if (unkept !== null) request.progress(unkept);
    const delays = delaysOf(deps.timing, request.agent);
    return { ok: true, entry, delays, configPath, point: captured.point };
  } finally {
    await desktop.close();
  }
}

export function asAgent(name: string, { profile, window, input }: CalibratedAgent): DesktopAgent {
  return { name, transport: "desktop", profile, windowTitle: window.title, input };
}

async function whatIsShown(
  deps: CalibrateDeps,
  desktop: Desktop,
  request: CalibrateRequest,
): Promise<PlaceShown | (CalibrateResult & { ok: false })> {
  if (!request.at) await request.pointerPlaced();
  const display = deps.settings().display ?? request.display;
  const signal = new AbortController().signal;
  const acquired = await desktop.acquire(display, `calibrate ${request.agent}`, LINE_MS, signal);
  if (!acquired.ok) return { ok: false, error: acquired.error, point: null };
  const { hands } = acquired;
  try {
    return await placeShown(hands, request, deps.clock.now());
  } finally {
    await hands.release();
  }
}

function describePoint(input: InputPoint): string {
  return `point ${input.x}, ${input.y} from ${input.from}`;
}

function delaysOf(timing: Timing, agent: string): readonly StepDelay[] {
  return STEPS.flatMap((step) => {
    const medianMs = timing.typicalMs(agent, "desktop", step);
    return medianMs === null ? [] : [{ step, medianMs }];
  });
}
