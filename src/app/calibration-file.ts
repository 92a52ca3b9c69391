/**
 * What was measured when agents were calibrated: `runtime/calibration.json`. Only `swarm calibrate` needs it, to say later
 * what has changed. A file that is missing or damaged means that nothing is known; it is never an error.
 */
import { join } from "node:path";
import type { Corner, DesktopAgent, InputPoint, Rect, TmuxAgent } from "../domain/agent.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { reasonOf } from "../support/reason-of.ts";
import { readFile } from "../support/regular-file.ts";
import { isSystemError } from "../support/system-error.ts";

export interface MeasuredWindow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly input: InputPoint;
  readonly window: Size;
  /** The screen that showed the input point; null: none that is known. */
  readonly screen: Size | null;
  readonly screens: readonly Rect[];
}

export interface MeasuredPane {
  readonly at: number;
  readonly pane: string;
  readonly socket: string;
}

export type Measured = MeasuredWindow | MeasuredPane;

export interface Size {
  readonly width: number;
  readonly height: number;
}

const CORNERS: ReadonlySet<unknown> = new Set<Corner | "screen">([
  "top-left",
  "top-right",
  "bottom-left",
  "bottom-right",
  "screen",
]);

/** By agent. */
function readCalibrations(root: string): ReadonlyMap<string, Measured> {
  try {
    const saved: unknown = JSON.parse(readFile(pathOf(root)).toString("utf8"));
    if (!isRecord(saved) || !isRecord(saved["agents"])) return new Map();
    return new Map(
      Object.entries(saved["agents"]).filter((one): one is [string, Measured] => isMeasured(one[1])),
    );
  } catch {
    return new Map();
  }
}

/** What is known of an agent's window, if its input point is still the one that was measured. */
export function measuredWindows(root: string): (agent: DesktopAgent) => MeasuredWindow | null {
  const all = readCalibrations(root);
  return ({ name, input }) => {
    const measured = all.get(name);
    return measured && "window" in measured && isSamePoint(measured.input, input) ? measured : null;
  };
}

/** The same for an agent's pane. */
export function measuredPanes(root: string): (agent: TmuxAgent) => MeasuredPane | null {
  const all = readCalibrations(root);
  return ({ name, pane, socket }) => {
    const measured = all.get(name);
    const isSame = measured && "pane" in measured && measured.pane === pane && measured.socket === socket;
    return isSame ? measured : null;
  };
}

/** What others have measured stays. Null when it was kept, else why not: the agent's entry in `swarm.json` is what counts. */
export function keepCalibration(root: string, agent: string, measured: Measured): string | null {
  const agents = Object.fromEntries([...readCalibrations(root), [agent, measured] as const]);
  try {
    writeAtomically(pathOf(root), `${JSON.stringify({ schema: 1, agents }, null, 2)}\n`, { isSynced: false });
    return null;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return `what was measured could not be kept for later checks: ${reasonOf(cause)}`;
  }
}

function pathOf(root: string): string {
  return join(root, "runtime", "calibration.json");
}

function isSamePoint(one: InputPoint, other: InputPoint): boolean {
  return one.x === other.x && one.y === other.y && one.from === other.from;
}

function isMeasured(value: unknown): value is Measured {
  if (!isRecord(value) || !Number.isFinite(value["at"])) return false;
  if (typeof value["pane"] === "string") return typeof value["socket"] === "string";
  const { input, window, screen, screens } = value;
  return (
    isRecord(input) &&
    areNumbers(input["x"], input["y"]) &&
    CORNERS.has(input["from"]) &&
    isSize(window) &&
    (screen === null || isSize(screen)) &&
    Array.isArray(screens) &&
    screens.every((one) => isSize(one) && isRecord(one) && areNumbers(one["x"], one["y"]))
  );
}

function isSize(value: unknown): boolean {
  return isRecord(value) && areNumbers(value["width"], value["height"]);
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => Number.isFinite(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
