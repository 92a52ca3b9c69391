/** Shows swarm where an agent's input field is: window and point, a live probe, the delays, and the entry in `swarm.json`. */
import { driverDesktop } from "../desktop/driver-client.ts";
import {
  type Corner,
  type DesktopAgent,
  type InputPoint,
  type Point,
  type Rect,
  screenPoint,
  titleMatches,
} from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Desktop, DesktopWindow, Layout } from "../ports/desktop.ts";
import type { Timing } from "../ports/timing.ts";
import type { Clock, Random } from "../ports/world.ts";
import type { DesktopSettings } from "../transports/desktop/index.ts";
import { placeOf } from "../transports/desktop/place.ts";
import { probeComposer } from "../transports/desktop/probe.ts";
import { writeAgentEntry } from "./agent-entry.ts";
import { keepCalibration, type MeasuredWindow } from "./calibration-file.ts";
import { driverPath } from "./driver-path.ts";
import { isOneField, screenAt } from "./look-at-windows.ts";

export interface CalibrateDeps {
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: Timing;
  readonly settings: () => DesktopSettings;
}

export interface CalibrateRequest {
  readonly agent: string;
  readonly profile: string;
  /** How the window was recognised until now, or null. */
  readonly knownTitle: string | null;
  /** Those whose places are known to be theirs: one input field can't be that of two. */
  readonly others: readonly DesktopAgent[];
  /** A point of the screen; null: where the pointer is when `pointerPlaced` resolves. */
  readonly at: Point | null;
  /** Where the pointer was when the person was asked to place it; still there, it was not placed. Null: it may be there. */
  readonly unmovedFrom: Point | null;
  /** Display of the calling process, or null. */
  readonly display: string | null;
  /** Resolves when the person has placed the pointer over the agent's input field. */
  pointerPlaced(): Promise<void>;
  /** Saves a draft that the probe found, durably, and returns its path. */
  saveDraft(text: string): string;
  /** Told what happens, for the terminal. */
  progress(text: string): void;
}

export interface CalibratedAgent {
  readonly transport: "desktop";
  readonly profile: string;
  readonly window: { readonly title: string };
  readonly input: InputPoint;
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
    const captured = await capture(deps, desktop, request);
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

interface Captured {
  readonly ok: true;
  readonly entry: CalibratedAgent;
  readonly measured: MeasuredWindow;
  readonly point: Point;
}

function measuredAt(
  at: number,
  point: Point,
  { rect }: DesktopWindow,
  { input }: CalibratedAgent,
  { screens }: Layout,
): MeasuredWindow {
  const screen = screenAt(point, screens);
  return {
    at,
    input,
    window: { width: rect.width, height: rect.height },
    screen: screen && { width: screen.width, height: screen.height },
    screens,
  };
}

async function capture(
  deps: CalibrateDeps,
  desktop: Desktop,
  request: CalibrateRequest,
): Promise<Captured | (CalibrateResult & { ok: false })> {
  if (!request.at) await request.pointerPlaced();
  const display = deps.settings().display ?? request.display;
  const signal = new AbortController().signal;
  const acquired = await desktop.acquire(display, `calibrate ${request.agent}`, LINE_MS, signal);
  if (!acquired.ok) return { ok: false, error: acquired.error, point: null };
  const { hands } = acquired;
  try {
    const point = request.at ?? (await hands.pointer());
    if (isSame(point, request.unmovedFrom)) return notPlaced(point, request.agent);
    const [window] = await hands.windowsAt([point]);
    if (!window) return nothingAt(point, await hands.windows());
    const windows = await hands.windows();
    const same = windows.filter((other) => other.title === window.title);
    if (same.length > 1) return titleTaken(point, window, same.length);
    const owner = request.others.find((other) => isPlaceOf(other, point, window, windows));
    if (owner) return placeTaken(point, request.agent, owner.name);
    const entry: CalibratedAgent = {
      transport: "desktop",
      profile: request.profile,
      window: { title: titleFor(window, request.knownTitle, windows) },
      input: fromNearestCorner(point, window.rect),
    };
    return {
      ok: true,
      point,
      entry,
      measured: measuredAt(deps.clock.now(), point, window, entry, await hands.layout()),
    };
  } finally {
    await hands.release();
  }
}

/** A pattern that means this window and no other stays: it was made for a title that changes. */
function titleFor(window: DesktopWindow, known: string | null, windows: readonly DesktopWindow[]): string {
  if (known === null || !titleMatches(known, window.title)) return window.title;
  return windows.filter((other) => titleMatches(known, other.title)).length === 1 ? known : window.title;
}

/** The point as seen from the corner that it is nearest to: it stays right when the window is resized. */
export function fromNearestCorner(point: Point, window: Rect): InputPoint {
  const left = point.x - window.x;
  const top = point.y - window.y;
  const isRight = left > window.width / 2;
  const isBottom = top > window.height / 2;
  const from: Corner = `${isBottom ? "bottom" : "top"}-${isRight ? "right" : "left"}`;
  return {
    x: isRight ? left - window.width : left,
    y: isBottom ? top - window.height : top,
    from,
  };
}

function isPlaceOf(
  agent: DesktopAgent,
  point: Point,
  window: DesktopWindow,
  windows: readonly DesktopWindow[],
): boolean {
  const place = placeOf(agent, windows);
  if (!place.ok || place.window.id !== window.id) return false;
  return isOneField(point, screenPoint(agent.input, window.rect));
}

function describePoint(input: InputPoint): string {
  return `point ${input.x}, ${input.y} from ${input.from}`;
}

function isSame(point: Point, other: Point | null): boolean {
  return other !== null && point.x === other.x && point.y === other.y;
}

function notPlaced(point: Point, agent: string): CalibrateResult & { ok: false } {
  return {
    ok: false,
    point,
    error: {
      code: "composer_not_found",
      message: `the pointer was not moved, so swarm was not shown the input field of ${agent}; nothing was typed`,
      hint: "run it again, and put the pointer there while it counts down; where it is there already, press Enter",
    },
  };
}

function nothingAt(point: Point, windows: readonly DesktopWindow[]): CalibrateResult & { ok: false } {
  const open = windows.map((window) => `"${window.title}"`).join(", ");
  return {
    ok: false,
    point,
    error: {
      code: "window_not_found",
      message: `there is no window at ${point.x}, ${point.y} of the screen`,
      hint: `place the pointer over the agent's input field, or give another --at x,y (open windows: ${open || "none"})`,
    },
  };
}

function titleTaken(point: Point, window: DesktopWindow, count: number): CalibrateResult & { ok: false } {
  return {
    ok: false,
    point,
    error: {
      code: "window_ambiguous",
      message: `${count} windows have the title "${window.title}": swarm could not tell them apart`,
      hint: "close or rename the others, then calibrate again",
    },
  };
}

function placeTaken(point: Point, agent: string, owner: string): CalibrateResult & { ok: false } {
  return {
    ok: false,
    point,
    error: {
      code: "window_ambiguous",
      message: `the input field at ${point.x}, ${point.y} is that of ${owner}: what is sent to ${agent} would arrive there too; nothing was typed`,
      hint: `put the pointer over the field of ${agent}; if ${owner} is somewhere else now, show swarm that first: swarm calibrate ${owner}`,
    },
  };
}

function delaysOf(timing: Timing, agent: string): readonly StepDelay[] {
  return STEPS.flatMap((step) => {
    const medianMs = timing.typicalMs(agent, "desktop", step);
    return medianMs === null ? [] : [{ step, medianMs }];
  });
}
