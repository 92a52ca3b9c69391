import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { acquireDesktopLock } from "../../../src/desktop/desktop-lock.ts";
import { type NutDesktopDeps, openNutDesktop } from "../../../src/desktop/nut/desktop.ts";
import { BUILT_IN_PROFILES, type Profile, profileForMac } from "../../../src/domain/profile.ts";
import type { Desktop } from "../../../src/ports/desktop.ts";
import type { DesktopWorld, WorldWindow } from "../../contract/desktop.contract.ts";
import { simulatedClock } from "../../simulator/clock.ts";
import { type SimulatedDesktop, type SimulatedWindow, simulatedDesktop } from "../../simulator/desktop.ts";
import { inProcess } from "../in-process.ts";

export const [CHAT = missing()] = BUILT_IN_PROFILES;
export const INPUT = { x: 120, y: -60, from: "bottom-left" } as const;

export interface NutStage {
  readonly simulated: SimulatedDesktop;
  readonly desktop: Desktop;
  /** Where the lock and the guest file lie. */
  readonly folder: string;
  /** The same desktop as another process opens it. */
  openAgain(): Desktop;
  stop(): void;
}

/** A simulated desktop, and swarm's way to it. */
export function startNutStage(platform: NodeJS.Platform): NutStage {
  const folder = mkdtempSync(join(tmpdir(), "nut-"));
  const clock = simulatedClock();
  const simulated = simulatedDesktop(clock);
  const open = (): Desktop => {
    let count = 0;
    const opened = openNutDesktop({
      platform,
      env: { XDG_RUNTIME_DIR: folder },
      clock,
      machineNow: () => clock.monotonic(),
      random: { hex: (bytes) => String(++count).padStart(bytes * 2, "0") },
      lock: lockOf(folder),
      openCalls: () => Promise.resolve(simulated.calls),
    });
    return inProcess(opened);
  };
  return {
    simulated,
    desktop: open(),
    folder,
    openAgain: open,
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The real lock, of this stage alone: all sessions of a system bear the same name. */
export function lockOf(folder: string): NutDesktopDeps["lock"] {
  return (request) => acquireDesktopLock({ ...request, display: `${request.display}-${basename(folder)}` });
}

/** The world of the contract on a simulated desktop. */
export function simulatedWorld(platform: NodeJS.Platform): DesktopWorld {
  const { simulated, desktop, openAgain, stop } = startNutStage(platform);
  const first = simulated.open({ title: "Alpha" });
  const second = simulated.open({ title: "Beta" });
  const alpha = worldWindow(simulated, first);
  const beta = worldWindow(simulated, second);
  const homes = [first, second].map((window) => ({ window, rect: window.rect }));
  return {
    desktop,
    display: null,
    isRich: false,
    longestText: Number.POSITIVE_INFINITY,
    shortestText: 1,
    profile: profileOn(platform),
    alpha,
    beta,
    input: INPUT,
    nowhere: { x: 120, y: 60, from: "top-left" },
    openAgain,
    open: (title) => Promise.resolve(worldWindow(simulated, simulated.open({ title }))),
    clipboard: () => Promise.resolve(simulated.clipboard),
    async setClipboard(text) {
      simulated.clipboard = text;
    },
    pointer: () => Promise.resolve(simulated.pointer),
    async movePointer(to) {
      await simulated.clock.sleep(200);
      simulated.pointer = to;
      simulated.lastInputAt = simulated.clock.monotonic();
    },
    activeTitle: () => Promise.resolve(simulated.active?.title ?? null),
    async reset() {
      await simulated.settled();
      for (const { window, rect } of homes) {
        Object.assign(window, { rect, isMinimised: false, isComposerFocused: false });
        Object.assign(window.composer, { text: "", selection: [0, 0] });
        window.composer.submissions.length = 0;
      }
      simulated.activate(second);
    },
    stop: () => Promise.resolve(stop()),
  };
}

export function profileOn(platform: NodeJS.Platform): Profile {
  return platform === "darwin" ? profileForMac(CHAT) : CHAT;
}

function worldWindow(simulated: SimulatedDesktop, window: SimulatedWindow): WorldWindow {
  const settled = async <T>(value: () => T): Promise<T> => {
    await simulated.settled();
    return value();
  };
  return {
    title: window.title,
    text: () => settled(() => window.composer.text),
    async setText(text) {
      Object.assign(window.composer, { text, selection: [0, 0] });
    },
    submissions: () => settled(() => [...window.composer.submissions]),
    async setTitle(title) {
      window.title = title;
    },
    async activate() {
      simulated.activate(window);
    },
    async minimise() {
      window.isMinimised = true;
    },
    corner: () => Promise.resolve({ x: window.rect.x, y: window.rect.y }),
    async moveTo(corner) {
      window.rect = { ...window.rect, ...corner };
    },
    async close() {
      simulated.close(window);
    },
  };
}

function missing(): never {
  throw new Error("there are no built-in profiles");
}
