import { systemClock, systemRandom } from "../../../src/app/system-world.ts";
import { openNutDesktop } from "../../../src/desktop/nut/desktop.ts";
import type { NutCalls, NutWindow } from "../../../src/desktop/nut/nut-calls.ts";
import type { Desktop } from "../../../src/ports/desktop.ts";
import type { DesktopWorld } from "../../contract/desktop.contract.ts";
import { run } from "../../desktop-fixture/children.ts";
import type { ComposerKind } from "../../desktop-fixture/protocol.ts";
import type { Stage } from "../../desktop-fixture/stage.ts";
import { inProcess } from "../in-process.ts";
import { lockOf } from "../nut/simulated-world.ts";
import { chromiumStage, chromiumWorld } from "./chromium-world.ts";
import { startNut } from "./nut-process.ts";

/**
 * The world of the contract for the hands of macOS and Windows, as real as it gets on Linux: Chromium windows, and keys,
 * pointer and clipboard over nut-js and clipboardy. Only windows are asked for and raised by other means, because
 * nut-js does not know them here.
 */
export async function nutWorld(composer: ComposerKind): Promise<DesktopWorld> {
  const stage = await chromiumStage(composer);
  const nut = await startNut(stage.desktop.env);
  const calls = { ...nut.calls, ...windowCalls(stage) };
  const open = (): Desktop => {
    const opened = openNutDesktop({
      platform: "win32",
      env: stage.desktop.env,
      clock: systemClock,
      machineNow: () => performance.now(),
      random: systemRandom,
      lock: lockOf(stage.desktop.runtime),
      openCalls: () => Promise.resolve(calls),
    });
    return inProcess(opened);
  };
  const world = await chromiumWorld(stage, composer, open);
  return {
    ...world,
    // xsel serves longer texts in pieces, and to one reader at a time: a look at the clipboard cuts the paste off.
    longestText: 3_900,
    // One character is pasted twice: an xsel that is replaced while Chromium asks leaves it waiting for ever.
    shortestText: 2,
    async stop() {
      await nut.stop();
      await world.stop();
    },
  };
}

type WindowCalls = Pick<NutCalls, "windows" | "activeWindow" | "window" | "focus" | "moveWindow" | "idleMs">;

function windowCalls({ desktop, windows }: Stage): WindowCalls {
  const xdotool = async (...args: readonly string[]) =>
    (await run("xdotool", args, { env: desktop.env }))?.trim() ?? null;
  const window = async (id: number): Promise<NutWindow | null> => {
    const title = await xdotool("getwindowname", String(id));
    if (title === null) return null;
    return { id, title, rect: await windows.place(String(id)) };
  };
  return {
    async windows() {
      const list = await run("xprop", ["-root", "_NET_CLIENT_LIST_STACKING"], { env: desktop.env });
      const backToFront = (list?.match(/0x[0-9a-f]+/g) ?? []).map(Number);
      return (await Promise.all(backToFront.reverse().map(window))).filter((each) => each !== null);
    },
    async activeWindow() {
      const id = await windows.active();
      return id === null ? null : Number(id);
    },
    window,
    async focus(id) {
      await xdotool("windowactivate", String(id));
    },
    async moveWindow(id, { x, y }) {
      await xdotool("windowmove", String(id), String(x), String(y));
    },
    // What a person does shows by the pointer alone.
    idleMs: () => Promise.resolve(null),
  };
}
