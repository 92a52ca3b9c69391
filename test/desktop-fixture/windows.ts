import { run } from "./children.ts";
import type { Desktop } from "./desktop.ts";
import { until } from "./until.ts";
import { closeWindow } from "./x-client.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The windows of a desktop, by their ids as the X server numbers them; done with xdotool, which shares nothing with swarm. */
export interface Windows {
  /** Ids of the windows with exactly this title, also of minimised ones and those on other workspaces. */
  find(title: string): Promise<readonly string[]>;
  /** The one window with this title; waits for it. */
  one(title: string): Promise<string>;
  active(): Promise<string | null>;
  /** Where the window's inside lies on the screen. */
  place(id: string): Promise<Place>;
  /** Moves and sizes the window; its frame decides by a few pixels where the inside comes to lie. */
  move(id: string, to: Place): Promise<void>;
  activate(id: string): Promise<void>;
  /** Brings to the front without the focus. */
  raise(id: string): Promise<void>;
  minimise(id: string): Promise<void>;
  isMinimised(id: string): Promise<boolean>;
  /** Closes it as its close button does, and waits until it is gone. */
  close(id: string): Promise<void>;
  toWorkspace(id: string, workspace: number): Promise<void>;
  workspaceOf(id: string): Promise<number>;
  workspace(): Promise<number>;
  setWorkspace(workspace: number): Promise<void>;
}

/** Frames are at most this wide, in pixels. */
const FRAME = 40;

export function windowsOf(desktop: Desktop): Windows {
  const env = desktop.env;
  const xdotool = (...args: readonly string[]) => run("xdotool", args, { env });
  const number = async (...args: readonly string[]) => Number(await xdotool(...args));

  const windows: Windows = {
    async find(title) {
      const found = (await xdotool("search", "--name", `^${escapeRegex(title)}$`)) ?? "";
      return found.split("\n").filter((id) => id !== "");
    },
    async one(title) {
      return await until(`a window ${title}`, async () => {
        const ids = await windows.find(title);
        return ids.length === 1 && ids[0];
      });
    },
    active: async () => (await xdotool("getactivewindow"))?.trim() ?? null,
    async place(id) {
      // Not xdotool, which counts the frame twice.
      const info = (await run("xwininfo", ["-id", id], { env })) ?? "";
      const value = (label: string) => Number(new RegExp(`${label}:\\s+(-?\\d+)`).exec(info)?.[1]);
      return {
        x: value("Absolute upper-left X"),
        y: value("Absolute upper-left Y"),
        width: value("Width"),
        height: value("Height"),
      };
    },
    async move(id, to) {
      await xdotool("windowsize", id, `${to.width}`, `${to.height}`, "windowmove", id, `${to.x}`, `${to.y}`);
      await until(`window ${id} has moved`, async () => {
        const now = await windows.place(id);
        const isNear = Math.abs(now.x - to.x) <= FRAME && Math.abs(now.y - to.y) <= FRAME;
        return isNear && now.width === to.width && now.height === to.height;
      });
    },
    async activate(id) {
      await xdotool("windowactivate", id);
      await until(`window ${id} is active`, async () => (await windows.active()) === id);
    },
    async raise(id) {
      await xdotool("windowraise", id);
    },
    async minimise(id) {
      await xdotool("windowminimize", id);
      await until(`window ${id} is minimised`, () => windows.isMinimised(id));
    },
    async isMinimised(id) {
      const state = await run("xprop", ["-id", id, "_NET_WM_STATE"], { env });
      return state?.includes("_NET_WM_STATE_HIDDEN") ?? false;
    },
    async close(id) {
      await closeWindow(desktop.display, Number(id));
      await until(`window ${id} is gone`, async () => (await xdotool("getwindowname", id)) === null);
    },
    async toWorkspace(id, workspace) {
      await xdotool("set_desktop_for_window", id, `${workspace}`);
      await until(`window ${id} is there`, async () => (await windows.workspaceOf(id)) === workspace);
    },
    workspaceOf: (id) => number("get_desktop_for_window", id),
    workspace: () => number("get_desktop"),
    async setWorkspace(workspace) {
      await xdotool("set_desktop", `${workspace}`);
      await until("the workspace is shown", async () => (await windows.workspace()) === workspace);
    },
  };
  return windows;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
