import type { SimulatedClock } from "./clock.ts";
import type { SimulatedDesktop, SimulatedWindow } from "./desktop.ts";
import type { Trouble } from "./plan.ts";
import type { SimulatedPane } from "./terminals.ts";

export interface Scene {
  readonly clock: SimulatedClock;
  readonly desktop: SimulatedDesktop;
  readonly windows: ReadonlyMap<string, SimulatedWindow>;
  readonly panes: ReadonlyMap<string, SimulatedPane>;
  /** By agent: what its composer may hold in the end. What an agent takes with it when it ends may be gone. */
  readonly drafts: Map<string, readonly string[]>;
}

const STALL_MS = 2_000;
const ANSWERS_MS = 700;
const STARTS_MS = 900;
const LOCKED_MS = 1_000;

export function makeTrouble(scene: Scene, { what, who }: Trouble): void {
  const { clock, desktop, drafts } = scene;
  const window = chosen([...desktop.windows], who);
  const pane = chosen([...scene.panes.values()], who);
  switch (what) {
    case "focus":
      desktop.activate(window);
      return;
    case "flash": {
      const before = desktop.active;
      desktop.activate(window);
      desktop.activate(before);
      return;
    }
    case "clipboard":
      desktop.clipboard = `copied at ${clock.monotonic()}`;
      return;
    case "pointer":
      desktop.pointer = { x: 100 + who * 200, y: 90 };
      desktop.lastInputAt = clock.monotonic();
      return;
    case "stall":
      if (pane) pane.stillUntil = clock.monotonic() + STALL_MS;
      return;
    case "swallow":
      if (pane) pane.swallows += 1;
      return;
    case "screen":
      if (pane) pane.hasNextScreen = true;
      return;
    case "lose":
      if (pane) pane.losesPastes += 1;
      return;
    case "ask":
      pane?.ask();
      clock.after(ANSWERS_MS, () => pane?.answer());
      return;
    case "end":
    case "gone":
      if (pane) drafts.set(pane.target, ["", ...(drafts.get(pane.target) ?? [])]);
      pane?.end();
      if (what === "end") clock.after(STARTS_MS, () => pane?.startAgain());
      return;
    case "move":
      if (window) window.rect = { ...window.rect, x: window.rect.x + 37, y: window.rect.y + 21 };
      return;
    case "lock":
      desktop.isLocked = true;
      clock.after(LOCKED_MS, () => Object.assign(desktop, { isLocked: false }));
      return;
    default:
      what satisfies never;
  }
}

function chosen<T>(all: readonly T[], who: number): T | null {
  return all[who % Math.max(1, all.length)] ?? null;
}
