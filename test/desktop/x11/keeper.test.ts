/** The clipboard goes to a keeper, and what a person copies at that moment, or has just pressed the keys for, stays. */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openClipboard, type X11Clipboard } from "../../../src/desktop/x11/clipboard.ts";
import { openDesk } from "../../../src/desktop/x11/desk.ts";
import { connectDisplay, type DisplayConnection } from "../../../src/desktop/x11/display-connection.ts";
import type { X11Desk } from "../../../src/desktop/x11/hands.ts";
import { type ClipboardKeeper, clipboardKeeper } from "../../../src/desktop/x11/keeper.ts";
import { serverTime } from "../../../src/desktop/x11/transfer.ts";
import { run } from "../../desktop-fixture/children.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";
import { type Person, personAt } from "../../desktop-fixture/person.ts";
import { until } from "../../desktop-fixture/until.ts";
import { keepersOf } from "./driver-process.ts";

const WAS = "what was there before";
let desktop: Desktop;
let person: Person;
let desk: X11Desk;
let keeper: ClipboardKeeper;

beforeAll(async () => {
  desktop = await startDesktop();
  person = personAt(desktop);
  const opened = await openDesk(desktop.display, () => undefined);
  if (!opened.ok) throw new Error(opened.error.message);
  ({ desk } = opened);
  keeper = clipboardKeeper(desk);
});
afterAll(async () => {
  desk?.x.close();
  await desktop?.stop();
});

async function handOver(text = WAS): Promise<boolean> {
  await desk.clipboard.offer({ text, flavors: {} });
  return keeper.handOver(text);
}

it.each([
  ["a text", WAS],
  ["no text", ""],
  ["a long one", "0123456789 äöü\n".repeat(200_000)],
])(
  "serves %s when this process does not any more",
  async (_, text) => {
    expect(await handOver(text)).toBe(true);
    expect(desk.clipboard.isOwner).toBe(false);
    expect(await person.clipboard()).toBe(text);
  },
  20_000,
);

it("ends when somebody copies something", async () => {
  await handOver();
  const isAlone = () => keepersOf(desktop.display).length === 1;
  await until("the keepers before it have ended", isAlone);
  await person.setClipboard("copied by a person");
  await until("it has ended", () => keepersOf(desktop.display).length === 0);
  expect(await person.clipboard()).toBe("copied by a person");
});

it("is called off while it starts, by the next attempt, which goes on at once with the clipboard as it is", async () => {
  const handing = handOver();
  await until("it starts", () => keepersOf(desktop.display).length > 0);
  await keeper.pause();
  expect(await handing).toBe(false);
  expect(desk.clipboard.isOwner).toBe(true);
  expect(await person.clipboard()).toBe(WAS);
});

it("is waited for once it has the text", async () => {
  const handing = handOver();
  await until("it has the clipboard", () => !desk.clipboard.isOwner, 5_000, 1);
  await keeper.pause();
  expect(await handing).toBe(true);
  expect(await person.clipboard()).toBe(WAS);
});

it("takes nothing where the driver is killed before it has given all of the text", async () => {
  await desk.clipboard.offer({ text: WAS, flavors: {} });
  const args = [desktop.display, `${desk.clipboard.since}`, `${WAS.length}`];
  await run(process.execPath, ["dist/keeper.cjs", ...args], { env: desktop.env, input: WAS.slice(0, 5) });
  expect(desk.clipboard.isOwner).toBe(true);
  expect(await person.clipboard()).toBe(WAS);
});

it("keeps what it has where the driver is killed before it could be told", async () => {
  await desk.clipboard.offer({ text: WAS, flavors: {} });
  const args = [desktop.display, `${desk.clipboard.since}`, `${WAS.length}`];
  const child = spawn(process.execPath, ["dist/keeper.cjs", ...args], { env: desktop.env, detached: true });
  child.stdout.once("data", () => {
    child.stdout.destroy();
    child.stdin.end(WAS);
  });
  child.unref();
  await until("it has the clipboard", () => !desk.clipboard.isOwner);
  await until("it had been told", () => keepersOf(desktop.display).length === 1);
  expect(await person.clipboard()).toBe(WAS);
});

it("is not believed where it does not start: this process serves the text on", async () => {
  const { execPath } = process;
  process.execPath = "/nonexistent/node";
  try {
    expect(await handOver()).toBe(false);
  } finally {
    process.execPath = execPath;
  }
  expect(desk.clipboard.isOwner).toBe(true);
  expect(await person.clipboard()).toBe(WAS);
});

describe("what a person copies while it starts, or just after", () => {
  /** So many moments from the start of the hand-over on, and as many milliseconds until the last. */
  const MOMENTS = 30;
  const LAST_MS = 200;
  let x: DisplayConnection;
  let others: X11Clipboard;
  beforeAll(async () => {
    x = await connectDisplay(desktop.display, () => undefined);
    others = await openClipboard(x);
  });
  afterAll(() => x?.close());

  const copyings: Record<string, (text: string) => Promise<unknown>> = {
    "by a program that takes the clipboard at once": (text) => others.offer({ text, flavors: {} }),
    "by one that does so 10 ms after the key, as of the time of the key": async (text) => {
      const window = x.client.AllocID();
      x.client.CreateWindow(window, x.root, -10, -10, 1, 1, 0, 0, 0, 0, { eventMask: 1 << 22 });
      const pressedAt = await serverTime(x, window);
      await pause(10);
      return others.takeOver({ text, flavors: {} }, pressedAt);
    },
  };

  it.each(Object.entries(copyings))(
    "stays, copied %s, whenever that is",
    async (_, copy) => {
      const lost: string[] = [];
      for (let moment = 0; moment < MOMENTS; moment++) {
        const handing = handOver(`${WAS}, number ${moment}`);
        const atMs = (LAST_MS * moment) / MOMENTS;
        await until("it is offered", () => desk.clipboard.isOwner, 5_000, 1);
        await pause(atMs);
        const text = `copied ${moment}`;
        await copy(text);
        expect(await handing).toBe(true);
        const now = await desk.clipboard.read(2_000);
        if (now !== text) lost.push(`after ${atMs} ms: ${now}`);
      }
      expect(lost).toEqual([]);
    },
    60_000,
  );
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
