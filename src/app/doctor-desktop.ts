/** What works on this desktop and what does not, for `swarm doctor`: looked at, nothing typed. */
import type { DesktopAgent } from "../domain/agent.ts";
import { lookAtWindows, type WindowLook } from "./look-at-windows.ts";
import { withHands } from "./with-hands.ts";

export interface DesktopCheck {
  /** What was looked at, in a few words. */
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
  /** What to do now; empty when `isOk`. */
  readonly remedy: string;
}

const LINE_MS = 10_000;

/** Checks the display, and for each desktop agent whether a message would find its window and the place in it. */
export async function checkDesktop(
  display: string | null,
  agents: readonly DesktopAgent[],
): Promise<readonly DesktopCheck[]> {
  const request = { display, purpose: "swarm doctor", lineMs: LINE_MS };
  const looked = await withHands(request, (hands) => lookAtWindows(hands, agents, () => null));
  if (!looked.ok) {
    const { message, hint } = looked.error;
    return [{ name: "desktop", isOk: false, detail: message, remedy: hint }];
  }
  const { windows, looks } = looked.value;
  const detail = `display, window manager and input work; ${windows.length} windows`;
  return [{ name: "desktop", isOk: true, detail, remedy: "" }, ...looks.map(checkOf)];
}

function checkOf({ agent, obstacle, sharedWith }: WindowLook): DesktopCheck {
  const shared = sharedWith.length === 0 ? "" : `, in the field of ${sharedWith.join(", ")} too`;
  return {
    name: agent.name,
    isOk: obstacle === null,
    detail: obstacle?.message ?? `one window "${agent.windowTitle}"${shared}`,
    remedy: obstacle?.hint ?? "",
  };
}
