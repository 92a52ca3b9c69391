import { openX11Desktop } from "../../../src/desktop/x11/desktop.ts";
import { BUILT_IN_PROFILES } from "../../../src/domain/profile.ts";
import type { Desktop } from "../../../src/ports/desktop.ts";
import type { DesktopWorld, WorldWindow } from "../../contract/desktop.contract.ts";
import { run } from "../../desktop-fixture/children.ts";
import { INPUT_POINT } from "../../desktop-fixture/pages.ts";
import type { ComposerKind } from "../../desktop-fixture/protocol.ts";
import { type Stage, startStage } from "../../desktop-fixture/stage.ts";
import { until } from "../../desktop-fixture/until.ts";
import { inProcess } from "../in-process.ts";

/** Two Chromium windows on an X server of their own. */
export function chromiumStage(composer: ComposerKind): Promise<Stage> {
  return startStage({
    windows: [
      { name: "Alpha", title: "Alpha", composer },
      { name: "Beta", title: "Beta", composer },
    ],
  });
}

/** The way to an X display that the driver takes. */
export function x11Desktop(stage: Stage): Desktop {
  return inProcess(openX11Desktop(stage.desktop.env));
}

/** The world of the contract: real windows, and `openAgain` as the way to them. */
export async function chromiumWorld(
  stage: Stage,
  composer: ComposerKind,
  openAgain: () => Desktop,
): Promise<DesktopWorld> {
  const { person, windows, pages } = stage;
  const [profile = noProfile()] = BUILT_IN_PROFILES;
  const homes = await Promise.all(
    ["Alpha", "Beta"].map(async (name) => ({ name, place: await windows.place(stage.windowOf(name)) })),
  );
  let count = 0;
  return {
    desktop: openAgain(),
    openAgain,
    display: stage.desktop.display,
    profile,
    isRich: composer !== "textarea",
    longestText: Number.POSITIVE_INFINITY,
    shortestText: 1,
    alpha: worldWindow(stage, "Alpha"),
    beta: worldWindow(stage, "Beta"),
    input: INPUT_POINT,
    nowhere: { x: 120, y: 120, from: "top-left" },
    async open(title) {
      const name = `${title} ${++count}`;
      await stage.open({ name, title, composer });
      await windows.activate(stage.windowOf(name));
      return worldWindow(stage, name);
    },
    clipboard: async () => (await person.clipboard()) ?? "",
    // In the millisecond in which a program takes the clipboard over from swarm a copy can be lost: a person copies again.
    setClipboard: (text) => person.setClipboard(text).catch(() => person.setClipboard(text)),
    pointer: () => person.pointer(),
    movePointer: ({ x, y }) => person.movePointer(x, y),
    activeTitle: async () => titleOf(stage, await windows.active()),
    async reset() {
      for (const { name, place } of homes) {
        await pages.setText(name, "");
        await pages.focus(name, "elsewhere");
        if (await windows.isMinimised(stage.windowOf(name))) await windows.activate(stage.windowOf(name));
        const now = await windows.place(stage.windowOf(name));
        if (now.x !== place.x || now.y !== place.y) await windows.move(stage.windowOf(name), place);
      }
      pages.forget();
      await windows.activate(stage.windowOf("Beta"));
    },
    stop: () => stage.stop(),
  };
}

function worldWindow(stage: Stage, name: string): WorldWindow {
  const { pages, windows } = stage;
  const title = stage.titleOf(name);
  const id = stage.windowOf(name);
  return {
    title,
    text: async () => (await pages.state(name)).text,
    setText: (text) => pages.setText(name, text),
    async submissions() {
      await pages.state(name);
      return pages.submissions(name).map(({ text }) => text);
    },
    async setTitle(to) {
      await pages.setTitle(name, to);
      await until(`the window is called ${to}`, async () => (await titleOf(stage, id)) === to);
    },
    activate: () => windows.activate(id),
    minimise: () => windows.minimise(id),
    async corner() {
      const { x, y } = await windows.place(id);
      return { x, y };
    },
    async moveTo(corner) {
      await windows.move(id, { ...(await windows.place(id)), ...corner });
    },
    close: () => stage.close(name),
  };
}

async function titleOf({ desktop }: Stage, id: string | null): Promise<string | null> {
  if (id === null) return null;
  return (await run("xdotool", ["getwindowname", id], { env: desktop.env }))?.replace(/\n$/, "") ?? null;
}

function noProfile(): never {
  throw new Error("there are no built-in profiles");
}
