/** Which window is an agent's, and what is wrong with it: the same words for a delivery and for whoever only looks. */
import { type DesktopAgent, type Rect, titleMatches } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { DesktopWindow } from "../../ports/desktop.ts";

export type Place =
  | { readonly ok: true; readonly window: DesktopWindow }
  | { readonly ok: false; readonly error: DeliveryError };

/** The agent's one window, or why there is none. */
export function placeOf(agent: DesktopAgent, windows: readonly DesktopWindow[]): Place {
  const matches = windows.filter((window) => titleMatches(agent.windowTitle, window.title));
  const [window] = matches;
  if (!window) return { ok: false, error: notFound(agent) };
  return matches.length === 1 ? { ok: true, window } : { ok: false, error: ambiguous(agent, matches.length) };
}

function notFound({ name, windowTitle }: DesktopAgent): DeliveryError {
  return {
    code: "window_not_found",
    message: `no window has the title of ${name}, "${windowTitle}"`,
    hint: `open it, or show swarm another one: swarm calibrate ${name}`,
  };
}

function ambiguous({ name, windowTitle }: DesktopAgent, count: number): DeliveryError {
  return {
    code: "window_ambiguous",
    message: `${count} windows have the title of ${name}, "${windowTitle}": which one is meant can't be known`,
    hint: `close or rename the others, then show swarm the right one: swarm calibrate ${name}`,
  };
}

/** What `swarm calibrate` stored of the place does not fit the window any more. */
export function pointOutside({ name, input }: DesktopAgent, { width, height }: Rect): DeliveryError {
  return {
    code: "calibration_stale",
    message: `the input point of ${name} (${input.x}, ${input.y} from ${input.from}) lies outside of its window, which is ${width} × ${height} now`,
    hint: `make the window as large as it was, or: swarm calibrate ${name}`,
  };
}

export function pointOffScreen({ name }: DesktopAgent): DeliveryError {
  return {
    code: "point_off_screen",
    message: `the input point of ${name} lies where no screen shows it`,
    hint: `move its window so that the input field can be seen, or: swarm calibrate ${name}`,
  };
}

/** The same error, where it says that the place is wrong, with the agent's name in what to do. */
export function withRemedy(agent: DesktopAgent, error: DeliveryError): DeliveryError {
  switch (error.code) {
    case "calibration_stale":
      return { ...error, hint: `make the window as large as it was, or: swarm calibrate ${agent.name}` };
    case "point_off_screen":
      return { ...error, hint: pointOffScreen(agent).hint };
    default:
      return error;
  }
}
