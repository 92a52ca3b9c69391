import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { driverDesktop } from "../../../src/desktop/driver-client.ts";
import { leftBehind } from "../../../src/desktop/guest-file.ts";
import type { Desktop, Hands } from "../../../src/ports/desktop.ts";
import { INPUT_POINT } from "../../desktop-fixture/pages.ts";
import { renderersOf } from "../../desktop-fixture/renderers.ts";
import { type Stage, startStage } from "../../desktop-fixture/stage.ts";
import { until } from "../../desktop-fixture/until.ts";
import { driverPid, firstProfile, good } from "./driver-process.ts";

const CLIPBOARD = "what the person copied";
const DRAFT = "what the person had typed";
/** The page stands still for so long after the keys were pressed, in milliseconds. */
const STANDSTILL_MS = 700;
const LONG_MS = 1_000;

describe("a copy that a page answers late", () => {
  let stage: Stage;
  let desktop: Desktop;
  const desktops: Desktop[] = [];
  let renderers: readonly number[] = [];
  const { caretEnd, paste, selectAll, copy } = firstProfile();

  beforeAll(async () => {
    stage = await startStage({
      windows: [
        { name: "Alpha", title: "Alpha" },
        { name: "Editor", title: "Editor" },
      ],
    });
    process.env["XDG_RUNTIME_DIR"] = stage.desktop.runtime;
    renderers = await renderersOf(stage, stage.windowOf("Alpha"));
    expect(renderers).not.toEqual([]);
  });
  afterAll(() => stage?.stop());
  beforeEach(async () => {
    desktop = open();
    await stage.pages.setText("Alpha", DRAFT);
    await stage.person.setClipboard(CLIPBOARD);
    await stage.windows.activate(stage.windowOf("Editor"));
  });
  afterEach(async () => {
    goOn();
    // One whose driver was killed has started another, to put back what that had found.
    await Promise.all(desktops.splice(0).map((each) => each.close()));
  });

  const open = (): Desktop => {
    const opened = driverDesktop({ driverPath: "dist/driver.cjs", onOutput: () => undefined });
    desktops.push(opened);
    return opened;
  };
  const send = (signal: NodeJS.Signals) => {
    for (const pid of renderers) process.kill(pid, signal);
  };
  const standStill = () => send("SIGSTOP");
  const goOn = () => send("SIGCONT");
  const take = async (): Promise<Hands> =>
    good(await desktop.acquire(stage.desktop.display, "a test", 10_000, new AbortController().signal)).hands;
  const aim = async (hands: Hands): Promise<void> => {
    const window = (await hands.windows()).find(({ title }) => title === "Alpha");
    good(await hands.aim(window?.id ?? "", "Alpha", INPUT_POINT, 3_000));
    good(await hands.click());
  };

  const isClipboard = async (text: string) => (await stage.person.clipboard()) === text;
  /** An attempt that ends while the page stands still. */
  const giveUpACopy = async (): Promise<void> => {
    const hands = await take();
    const guest = await hands.remember();
    await aim(hands);
    standStill();
    good(await hands.look({ select: [selectAll], copy }, 100));
    await hands.restore(guest);
    await hands.release();
  };

  it("does not stay in the clipboard of the person when the attempt has given it up", async () => {
    const hands = await take();
    const guest = await hands.remember();
    await aim(hands);
    standStill();
    const { look } = good(await hands.look({ select: [selectAll], copy }, 100));
    expect(look.kind).toBe("silence");
    const restored = hands.restore(guest);
    await delay(STANDSTILL_MS); // the page stands still, nothing is waited for
    goOn();
    await restored;
    await hands.release();
    expect(await stage.person.clipboard()).toBe(CLIPBOARD);
  });

  it("goes out of the clipboard again where it comes long after the attempt", async () => {
    await giveUpACopy();
    await delay(LONG_MS); // the attempt has ended, and waits for nothing any more
    goOn();
    await until("the page has answered", () => isClipboard(DRAFT));
    await until("the person's text is back", () => isClipboard(CLIPBOARD));
  });

  it("is not taken for the person's text by the next attempt, however late it comes", async () => {
    await giveUpACopy();
    await delay(LONG_MS); // the attempt has ended, and waits for nothing any more
    goOn();
    await until("the page has answered", () => isClipboard(DRAFT));
    const hands = await take();
    const guest = await hands.remember();
    expect(guest.clipboardText).toBe(CLIPBOARD);
    await hands.restore(guest);
    await hands.release();
    expect(await stage.person.clipboard()).toBe(CLIPBOARD);
  });

  it("is the person's where a person has used the desktop before it came", async () => {
    await giveUpACopy();
    await delay(LONG_MS); // the attempt has ended, and waits for nothing any more
    await stage.person.press("ctrl+c");
    goOn();
    await until("the page has answered", () => isClipboard(DRAFT));
    await delay(STANDSTILL_MS); // nobody puts it right meanwhile
    expect(await stage.person.clipboard()).toBe(DRAFT);
  });

  it("leaves what the person copies meanwhile", async () => {
    const hands = await take();
    const guest = await hands.remember();
    await aim(hands);
    standStill();
    good(await hands.look({ select: [selectAll], copy }, 100));
    const restored = hands.restore(guest);
    await delay(STANDSTILL_MS); // the page stands still, nothing is waited for
    goOn();
    await restored;
    await hands.release();
    await stage.person.setClipboard("copied after that");
    await (await take()).release();
    expect(await stage.person.clipboard()).toBe("copied after that");
  });

  it("may still come when all is back but the clipboard: that is on record until a keeper has the text", async () => {
    const hands = await take();
    const guest = await hands.remember();
    await aim(hands);
    standStill();
    good(await hands.look({ select: [selectAll], copy }, 100));
    const folder = join(stage.desktop.runtime, "swarm");
    await hands.restore(guest);
    const [name = ""] = readdirSync(folder).filter((each) => each.startsWith("desktop"));
    expect(leftBehind(join(folder, name))?.kept.isSettled).not.toBe(true);
    goOn();
    await hands.release();
  });

  it("does not stay in the clipboard of the person when the driver was killed before it", async () => {
    const hands = await take();
    await hands.remember();
    await aim(hands);
    standStill();
    const keys = { before: caretEnd, paste, selectAll, copy };
    void hands.pasteAndLook({ text: "a message", flavors: {} }, keys, 10_000);
    await delay(100); // the keys are pressed by then
    process.kill(driverPid(), "SIGKILL");
    desktop = open();
    const next = take();
    await delay(STANDSTILL_MS); // the page stands still, nothing is waited for
    goOn();
    await (await next).release();
    await delay(STANDSTILL_MS); // whatever the page still does with its keys
    expect(await stage.person.clipboard()).toBe(CLIPBOARD);
    expect((await stage.pages.state("Alpha")).text).toBe(DRAFT);
  });

  it.each([
    ["before the next driver starts", true],
    ["while the next driver waits for it", false],
  ])(
    "is waited for after a kill, also where another program copies something %s",
    async (_when, isBefore) => {
      const hands = await take();
      await hands.remember();
      await aim(hands);
      standStill();
      hands.look({ select: [selectAll], copy }, 10_000).catch(() => undefined);
      await delay(100); // the keys are pressed by then
      process.kill(driverPid(), "SIGKILL");
      desktop = open();
      if (isBefore) await stage.person.setClipboard("copied elsewhere");
      let isTaken = false;
      const next = take().then((taken) => {
        isTaken = true;
        return taken;
      });
      await delay(STANDSTILL_MS); // it waits by then
      if (!isBefore) await stage.person.setClipboard("copied elsewhere");
      await delay(STANDSTILL_MS); // the page stands still, nothing is waited for
      expect(isTaken).toBe(false);
      goOn();
      await (await next).release();
      expect(await stage.person.clipboard()).toBe("copied elsewhere");
    },
  );
});
