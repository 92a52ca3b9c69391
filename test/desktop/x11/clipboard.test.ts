import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openClipboard, type X11Clipboard } from "../../../src/desktop/x11/clipboard.ts";
import { connectX11, type XConnection } from "../../../src/desktop/x11/connection.ts";
import { answerOrphanedRequests } from "../../../src/desktop/x11/orphaned-requests.ts";
import { endProgram, run, startProgram } from "../../desktop-fixture/children.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";
import { type Person, personAt } from "../../desktop-fixture/person.ts";
import { until } from "../../desktop-fixture/until.ts";

const BUSY_MS = 3;
const TAKINGS = 100;

describe("the clipboard of an X display", () => {
  let desktop: Desktop;
  let person: Person;
  let x: XConnection;
  let clipboard: X11Clipboard;
  const plain = (text: string) => ({ text, flavors: {} });

  beforeAll(async () => {
    desktop = await startDesktop({ windowManager: false });
    person = personAt(desktop);
  });
  afterAll(async () => {
    x?.close();
    await desktop?.stop();
  });
  beforeEach(async () => {
    x?.close();
    x = await connectX11(desktop.display, () => undefined);
    clipboard = await openClipboard(x);
  });

  it("is nobody's at first", async () => {
    expect([await clipboard.owner(), clipboard.isOwner, await clipboard.read(500)]).toEqual([0, false, null]);
  });

  it.each([
    ["a word", "hello"],
    ["nothing at all", ""],
    ["emoji, Arabic and line breaks", "👩‍👩‍👧‍👦 نجحت\n\tü\r\n\n"],
    ["65,536 bytes", "x".repeat(65_536)],
    ["a megabyte", "äöü4567890".repeat(80_000)],
  ])("gives others %s that is offered, to the last character", async (_, text) => {
    await clipboard.offer(plain(text));
    expect(clipboard.isOwner).toBe(true);
    expect(await person.clipboard()).toBe(text);
  });

  it("reads what others put there, whole also where they give it in pieces", async () => {
    // Not read by xsel in between: one that gives pieces ends now and then when its reader is gone.
    for (const length of [1, 4_000, ...Array.from({ length: 40 }, (_, i) => 4_500 + i * 3_000), 1_000_000]) {
      const before = await clipboard.owner();
      const text = "xyz".repeat(length).slice(0, length);
      await run("xsel", ["--clipboard", "--input"], { env: desktop.env, input: text });
      await until("xsel owns the clipboard", async () => (await clipboard.owner()) !== before, 5_000, 1);
      expect((await clipboard.read(2_000))?.length).toBe(length);
    }
    expect(clipboard.isOwner).toBe(false);
  });

  it("tells who asks for the text and who takes the clipboard away", async () => {
    const seen: string[] = [];
    clipboard.onRequest(({ isText, requestor }) => seen.push(isText && requestor > 0 ? "asked" : "kinds"));
    clipboard.onTaken(() => seen.push("lost"));
    await clipboard.offer(plain("mine"));
    await person.clipboard();
    expect(seen).toContain("asked");
    await person.setClipboard("theirs");
    await until("the loss is seen", () => seen.includes("lost"), 5_000, 5);
    expect(clipboard.isOwner).toBe(false);
    expect(await clipboard.owner()).not.toBe(0);
  });

  it("offers nothing that could be pasted where nothing is to be", async () => {
    await clipboard.offer(null);
    expect(clipboard.isOwner).toBe(true);
    expect(await person.clipboard()).toBe("");
  });

  it("gives further kinds of a text back as they were offered", async () => {
    const flavors = { "text/html": Buffer.from("<b>bold</b>").toString("base64") };
    await clipboard.offer({ text: "bold", flavors });
    const other = await connectX11(desktop.display, () => undefined);
    try {
      const reader = await openClipboard(other);
      expect(await reader.readRich(2_000)).toEqual({ text: "bold", flavors });
    } finally {
      other.close();
    }
  });

  it("knows that it is not the owner any more, however soon another program took the clipboard", async () => {
    const rival = startProgram(
      process.execPath,
      [
        "--import",
        "./test/setup/typescript.js",
        "test/desktop/x11/programs/clipboard-rival.ts",
        desktop.display,
      ],
      desktop.env,
    );
    // A process that is busy hears of its taking and of the rival's in one go.
    const busy = setInterval(() => {
      for (const until = performance.now() + BUSY_MS; performance.now() < until; );
    }, 0);
    try {
      await until("the rival is there", async () => (await clipboard.owner()) !== 0);
      for (let round = 0; round < TAKINGS; round++) {
        const { takes } = clipboard;
        await clipboard.offer(plain("ours"));
        await until("the rival has it back", () => clipboard.takes > takes, 2_000, 0);
        await x.sync();
        expect(clipboard.isOwner, `in round ${round}`).toBe(false);
      }
    } finally {
      clearInterval(busy);
      await endProgram(rival);
    }
  });

  it("answers what a dead owner left open, of whatever kind it was asked for", async () => {
    const asking = await connectX11(desktop.display, () => undefined);
    try {
      const kinds = ["TARGETS", "UTF8_STRING", "text/html", "chromium/x-web-custom-data"];
      const atoms = await Promise.all(
        kinds.map((kind) => asking.ask<number>((r) => asking.client.InternAtom(false, kind, r))),
      );
      const window = asking.client.AllocID();
      asking.client.CreateWindow(window, asking.root, 0, 0, 1, 1, 0, 0, 0, 0, {});
      await asking.sync();
      const answered: unknown[] = [];
      asking.onEvent((event) => {
        if (event.name === "SelectionNotify" && event["requestor"] === window) answered.push(event["target"]);
      });
      await answerOrphanedRequests(x, [window]);
      await x.sync();
      await asking.sync();
      expect(answered).toEqual(expect.arrayContaining(atoms));
    } finally {
      asking.close();
    }
  });

  it("gives up on an owner that does not answer", async () => {
    const owner = await connectX11(desktop.display, () => undefined);
    try {
      const window = owner.client.AllocID();
      owner.client.CreateWindow(window, owner.root, 0, 0, 1, 1, 0, 0, 0, 0, {});
      owner.client.SetSelectionOwner(window, owner.atom("CLIPBOARD"), 0);
      await owner.sync();
      const startedAt = performance.now();
      expect(await clipboard.read(300)).toBeNull();
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    } finally {
      owner.close();
    }
  });
});
