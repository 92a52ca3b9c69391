/** What works on this desktop and what does not, for `swarm doctor`: looked at, nothing typed. */

import { driverDesktop } from "../desktop/driver-client.ts";
import { type DesktopAgent, titleMatches } from "../domain/agent.ts";
import { driverPath } from "./driver-path.ts";

export interface DesktopCheck {
  /** What was looked at, in a few words. */
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
  /** What to do now; empty when `isOk`. */
  readonly remedy: string;
}

const LINE_MS = 10_000;

/** Checks the display, and for each desktop agent whether exactly one window matches. */
export async function checkDesktop(
  display: string | null,
  agents: readonly DesktopAgent[],
): Promise<readonly DesktopCheck[]> {
  const output: string[] = [];
  const desktop = driverDesktop({ driverPath: driverPath(), onOutput: (text) => output.push(text) });
  try {
    const acquired = await desktop.acquire(display, "swarm doctor", LINE_MS, new AbortController().signal);
    if (!acquired.ok) {
      const { error } = acquired;
      return [{ name: "desktop", isOk: false, detail: error.message, remedy: error.hint }];
    }
    const { hands } = acquired;
    try {
      const windows = await hands.windows();
      const ok: DesktopCheck = {
        name: "desktop",
        isOk: true,
        detail: `display, window manager and input work; ${windows.length} windows`,
        remedy: "",
      };
      return [ok, ...agents.map((agent) => checkAgent(agent, windows))];
    } finally {
      await hands.release();
    }
  } finally {
    await desktop.close();
  }
}

function checkAgent(agent: DesktopAgent, windows: readonly { readonly title: string }[]): DesktopCheck {
  const count = windows.filter((window) => titleMatches(agent.windowTitle, window.title)).length;
  return {
    name: agent.name,
    isOk: count === 1,
    detail: count === 1 ? `one window "${agent.windowTitle}"` : `${count} windows "${agent.windowTitle}"`,
    remedy:
      count === 1
        ? ""
        : count === 0
          ? `open its window, or: swarm calibrate ${agent.name}`
          : "close or rename the others",
  };
}
