import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { driverDesktop } from "../../../src/desktop/driver-client.ts";
import { abandonGuest, keepGuest } from "../../../src/desktop/guest-file.ts";
import { isGone } from "../../../src/desktop/process-alive.ts";
import { connectX11 } from "../../../src/desktop/x11/connection.ts";
import { THAWED_COPY_MS } from "../../../src/desktop/x11/left-behind.ts";
import { type Desktop, DesktopGone, type Guarded, type Hands } from "../../../src/ports/desktop.ts";
import { INPUT_POINT } from "../../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../../desktop-fixture/stage.ts";
import { until } from "../../desktop-fixture/until.ts";
import { openClient } from "../../desktop-fixture/x-client.ts";
import { driverPid, firstProfile, good } from "./driver-process.ts";

const LINE_MS = 10_000;
/** Input so long after the desktop was remembered could be a person's. */
const LONG_ATTEMPT_MS = 6_000;

describe("the driver process", () => {
  let stage: Stage;
  let output = "";

  beforeAll(async () => {
    stage = await startStage({
      windows: [
        { name: "Alpha", title: "Alpha" },
        { name: "Editor", title: "Editor" },
      ],
    });
    // Drivers inherit it, and meet over what lies there.
    process.env["XDG_RUNTIME_DIR"] = stage.desktop.runtime;
  });
  afterAll(() => stage?.stop());
  beforeEach(async () => {
    output = "";
    await stage.pages.setText("Alpha", "");
    await stage.windows.activate(stage.windowOf("Editor"));
  });

  const open = (): Desktop =>
    driverDesktop({
      driverPath: "dist/driver.cjs",
      onOutput: (text) => {
        output += text;
      },
    });
  const take = async (desktop: Desktop): Promise<Hands> => {
    const signal = new AbortController().signal;
    return good(await desktop.acquire(stage.desktop.display, "a test", LINE_MS, signal)).hands;
  };
  const fillAlpha = async (hands: Hands): Promise<void> => {
    const window = (await hands.windows()).find(({ title }) => title === "Alpha");
    good(await hands.aim(window?.id ?? "", "Alpha", INPUT_POINT, 3_000));
    good(await hands.click());
    const { caretEnd, paste, selectAll, copy } = firstProfile();
    const keys = { before: caretEnd, paste, selectAll, copy };
    good(await hands.pasteAndLook({ text: "a message", flavors: {} }, keys, 3_000));
  };
  it("is started when it is needed, types, and ends with its parent's connection", async () => {
    const desktop = open();
    const hands = await take(desktop);
    const pid = driverPid();
    await fillAlpha(hands);
    expect((await stage.pages.state("Alpha")).text).toBe("a message");
    await hands.release();
    await desktop.close();
    expect(isGone(pid, "0")).toBe(true);
    expect(output).toBe("");
  });

  it("loads neither nut-js nor clipboardy before it needs them", () => {
    const bundle = readFileSync("dist/driver.cjs", "utf8");
    expect(bundle).toContain("@nut-tree-fork/nut-js");
    expect(bundle).not.toMatch(/require\("(@nut-tree-fork\/nut-js|clipboardy)"\)/);
  });

  it("is replaced when it is killed, and the next one puts back what it had found", async () => {
    await stage.person.setClipboard("what the person copied");
    await stage.person.movePointer(640, 480);
    const desktop = open();
    const hands = await take(desktop);
    await hands.remember();
    await fillAlpha(hands);
    process.kill(driverPid(), "SIGKILL");
    await until("the end is noticed", async () => {
      const pressed = await hands.press(["Enter"]);
      return !pressed.ok && pressed.isHandsOff && pressed.error.code === "desktop_crashed";
    });
    await expect(hands.windows()).rejects.toBeInstanceOf(DesktopGone);
    const next = await take(desktop);
    expect(await stage.person.clipboard()).toBe("what the person copied");
    expect(await stage.person.pointer()).toEqual({ x: 640, y: 480 });
    expect(await stage.windows.active()).toBe(stage.windowOf("Editor"));
    await next.release();
    await desktop.close();
    expect(stage.pages.submissions("Alpha")).toEqual([]);
    // The message itself stays for the worker's recovery, which knows whose it is.
    expect((await stage.pages.state("Alpha")).text).toBe("a message");
  });

  it.each([
    ["lets go of a key that the one before was killed on", 0, false],
    ["leaves a key that a person has pressed since", 1_000, true],
  ])("is replaced when it is killed, and the next one %s", async (_, afterMs, isHeld) => {
    const CONTROL = { code: 37, mask: 4 };
    const person = await connectX11(stage.desktop.display, () => undefined);
    const desktop = open();
    const hands = await take(desktop);
    await hands.remember();
    await fillAlpha(hands);
    await delay(afterMs);
    person.xtest.FakeInput(2, CONTROL.code, 0, 0, 0, 0);
    await person.sync();
    process.kill(driverPid(), "SIGKILL");
    await until("the end is noticed", async () => !(await hands.press([])).ok);
    await (await take(desktop)).release();
    const { keyMask } = await person.ask<{ keyMask: number }>((r) =>
      person.client.QueryPointer(person.root, r),
    );
    expect(keyMask & CONTROL.mask).toBe(isHeld ? CONTROL.mask : 0);
    person.xtest.FakeInput(3, CONTROL.code, 0, 0, 0, 0);
    await person.sync();
    person.close();
    await desktop.close();
  });

  it("gives the person's text away also where its parent does not wait for its last answer", async () => {
    await stage.person.setClipboard("what the person copied");
    const desktop = open();
    const hands = await take(desktop);
    const found = await hands.remember();
    await fillAlpha(hands);
    await hands.restore(found);
    await hands.release();
    // What is said to it now it hears, and answers, when the connection is closed already.
    const pid = driverPid();
    process.kill(pid, "SIGSTOP");
    const wait = new AbortController();
    const asked = desktop.acquire(stage.desktop.display, "a test", LINE_MS, wait.signal);
    wait.abort();
    const closed = desktop.close();
    process.kill(pid, "SIGCONT");
    await closed;
    expect((await asked).ok).toBe(false);
    expect(await stage.person.clipboard()).toBe("what the person copied");
  });

  it("is replaced also where nothing more is to be typed: what it had found is put back", async () => {
    await stage.person.setClipboard("what the person copied");
    const desktop = open();
    const hands = await take(desktop);
    const found = await hands.remember();
    await fillAlpha(hands);
    await hands.restore(found);
    await hands.release();
    const pid = driverPid();
    process.kill(pid, "SIGKILL");
    const killedAt = performance.now();
    await until(
      "the clipboard holds it again",
      async () => isGone(pid, "0") && (await stage.person.clipboard()) === "what the person copied",
    );
    // Sooner than where a page might still answer a key of the one that was killed.
    expect(performance.now() - killedAt).toBeLessThan(THAWED_COPY_MS);
    await desktop.close();
  });

  it.each([
    ["is gone", ":873", [true]],
    ["is locked, and then is not", null, [false, true]],
  ])(
    "says whether it is worth trying again to put back what was found where the display %s",
    async (_what, gone, expected) => {
      const display = gone ?? stage.desktop.display;
      const line = join(stage.desktop.runtime, "swarm", "desktop_left");
      mkdirSync(line, { recursive: true, mode: 0o700 });
      keepGuest(line, display, {
        clipboardText: null,
        pointer: { x: 0, y: 0 },
        activeWindow: null,
        workspace: null,
      });
      abandonGuest(line);
      const desktop = open();
      const { client } = await openClient(stage.desktop.display);
      const answers: boolean[] = [];
      for (const isAllBack of expected) {
        Reflect.apply(Reflect.get(client, "ForceScreenSaver"), client, [!isAllBack]);
        answers.push(await desktop.putBackLeftBehind(new AbortController().signal));
      }
      client.close();
      await desktop.close();
      rmSync(line, { recursive: true });
      expect(answers).toEqual(expected);
    },
  );

  it("leaves to the next one what others copied while it typed", async () => {
    await stage.person.setClipboard("what the person copied");
    const desktop = open();
    const hands = await take(desktop);
    await hands.remember();
    await fillAlpha(hands);
    const texts = async (): Promise<readonly string[]> => (await hands.copiedByOthers()).texts;
    await stage.person.setClipboard("one");
    await until("it has heard the first", async () => (await texts()).includes("one"));
    await stage.person.setClipboard("two");
    await until("it has heard the second", async () => (await texts()).includes("two"));
    process.kill(driverPid(), "SIGKILL");
    await stage.person.setClipboard("three");
    await until("the end is noticed", async () => !(await hands.press(["Enter"])).ok);
    const next = await take(desktop);
    expect((await next.copiedByOthers()).beforeKill).toEqual(["one", "two", "three"]);
    expect(await stage.person.clipboard()).toBe("three");
    await next.release();
    await desktop.close();
  });

  it("is known to have clicked itself, however long the attempt took that it was killed in", async () => {
    await stage.person.movePointer(640, 480);
    const desktop = open();
    const hands = await take(desktop);
    await hands.remember();
    await delay(LONG_ATTEMPT_MS); // the attempt, not a wait for something
    await fillAlpha(hands);
    process.kill(driverPid(), "SIGKILL");
    await until("the end is noticed", async () => !(await hands.press(["Enter"])).ok);
    const next = await take(desktop);
    expect(await stage.person.pointer()).toEqual({ x: 640, y: 480 });
    await next.release();
    await desktop.close();
    expect(stage.pages.submissions("Alpha")).toEqual([]);
  });

  it("ends when its parent is killed, and frees the desktop", async () => {
    const args = ["--import", "./test/setup/typescript.js", "test/desktop/x11/driver-parent.ts"];
    const parent = spawn(process.execPath, [...args, stage.desktop.display], {
      env: { ...stage.desktop.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pids = line.toString().trim().split(" ").map(Number);
    expect(pids.length).toBeGreaterThan(0);
    const exit = once(parent, "exit");
    parent.kill("SIGKILL");
    await exit;
    await until("the driver has ended", () => pids.every((pid) => isGone(pid, "0")), 10_000);
    const desktop = open();
    await (await take(desktop)).release();
    await desktop.close();
  });

  it("says what it is when somebody starts it by hand", async () => {
    const child = spawn(process.execPath, ["dist/driver.cjs"], { stdio: ["ignore", "ignore", "pipe"] });
    const [[text], [code]] = (await Promise.all([once(child.stderr, "data"), once(child, "exit")])) as [
      [Buffer],
      [number],
    ];
    expect([code, text.toString()]).toEqual([2, expect.stringContaining("swarm worker")]);
  });

  it("clicks nothing where something lies over the input point, and clicks once that is gone", async () => {
    const { x: left, y: top } = await stage.composerAt("Alpha");
    const cover = await connectX11(stage.desktop.display, () => undefined);
    const id = cover.client.AllocID();
    const rect = [left - 40, top - 40, 80, 80] as const;
    cover.client.CreateWindow(id, cover.root, ...rect, 0, 0, 0, 0, { overrideRedirect: true });
    cover.client.MapWindow(id);
    await cover.sync();
    const desktop = open();
    const hands = await take(desktop);
    const window = (await hands.windows()).find(({ title }) => title === "Alpha");
    good(await hands.aim(window?.id ?? "", "Alpha", INPUT_POINT, 3_000));
    const before = await stage.person.pointer();
    const clicked = await hands.click();
    expect(clicked.ok ? null : clicked.error.code).toBe("window_covered");
    expect(await stage.person.pointer()).toEqual(before);
    cover.close();
    good(await hands.click());
    await hands.release();
    await desktop.close();
  });

  it("knows over which window somebody has clicked, also before it aims at one", async () => {
    const desktop = open();
    const hands = await take(desktop);
    const guest = await hands.remember();
    const windows = await hands.windows();
    const [alpha, editor] = ["Alpha", "Editor"].map((name) =>
      windows.find(({ id }) => Number(id) === Number(stage.windowOf(name))),
    );
    if (!alpha || !editor) throw new Error("they are not open");
    const since = performance.now();
    const { x, y, width, height } = editor.rect;
    await stage.person.click(Math.round(x + width / 2), Math.round(y + height / 2));
    await until("it is seen", async () => {
      return (await hands.submitIdleMs(editor.id)) <= performance.now() - since;
    });
    expect(await hands.submitIdleMs(alpha.id)).toBeGreaterThan(performance.now() - since);
    await hands.restore(guest);
    await hands.release();
    await desktop.close();
  });

  it("lets a wait in line be called off", async () => {
    const [first, second] = [open(), open()];
    const hands = await take(first);
    const stop = new AbortController();
    const waiting = second.acquire(stage.desktop.display, "waits", LINE_MS, stop.signal);
    setImmediate(() => stop.abort());
    const result: Guarded<object> = await waiting;
    expect(result.ok ? null : result.error.code).toBe("lock_timeout");
    await hands.release();
    await Promise.all([first.close(), second.close()]);
  });
});
