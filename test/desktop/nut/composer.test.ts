import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hands } from "../../../src/ports/desktop.ts";
import type { SimulatedWindow, WindowPlan } from "../../simulator/desktop.ts";
import { aimInto, codeOf, good, LOOK_KEYS, MAC, PASTE_KEYS, plain, takeHands, textOf } from "./held-hands.ts";
import { type NutStage, startNutStage } from "./simulated-world.ts";

describe("a composer that is read through a polled clipboard", () => {
  let stage: NutStage;
  let hands: Hands;
  let alpha: SimulatedWindow;
  let beta: SimulatedWindow;

  const open = async (plan: Partial<WindowPlan>) => {
    alpha = stage.simulated.open({ title: "Alpha", ...plan });
    beta = stage.simulated.open({ title: "Beta" });
    beta.isComposerFocused = true;
    await aimInto(hands, alpha);
  };
  const sleep = (ms: number) => stage.simulated.clock.sleep(ms);

  beforeEach(async () => {
    stage = startNutStage("darwin");
    hands = await takeHands(stage);
  });
  afterEach(async () => {
    await hands.release();
    stage.stop();
  });

  it("takes 2 s for every key and still gets exactly the text", async () => {
    await open({ keyMs: 2_000 });
    const pasted = good(await hands.pasteAndLook(plain("slow but sure"), PASTE_KEYS, 18_000));
    expect([textOf(pasted.look), pasted.isTaken]).toEqual(["slow but sure", true]);
    await stage.simulated.settled();
    expect(alpha.composer.text).toBe("slow but sure");
  });

  it("answers a look before the paste only after it, and the paste is not lost to that answer", async () => {
    await open({ keyMs: 700 });
    alpha.composer.text = "a draft ";
    expect(good(await hands.look(LOOK_KEYS, 100)).look.kind).toBe("silence");
    const pasted = good(await hands.pasteAndLook(plain("and text"), PASTE_KEYS, 18_000));
    expect(textOf(pasted.look)).toBe("a draft and text");
    expect(alpha.composer.text).toBe("a draft and text");
  });

  it("is read from right to left where its text runs so", async () => {
    await open({ isRightToLeft: true });
    const [arabic, latin] = ["نجحت الاختبارات", "[#msg_1 from Captain] a page of Hebrew"];
    expect(textOf(good(await hands.pasteAndLook(plain(arabic), PASTE_KEYS, 4_000)).look)).toBe(arabic);
    const keys = { ...PASTE_KEYS, before: MAC.selectAll };
    expect(textOf(good(await hands.pasteAndLook(plain(latin), keys, 4_000)).look)).toBe(latin);
  });

  it.each(["y", "👩‍👩‍👧‍👦", "é"])("takes the single character %s", async (text) => {
    await open({});
    const pasted = good(await hands.pasteAndLook(plain(text), PASTE_KEYS, 4_000));
    expect([textOf(pasted.look), pasted.isTaken]).toEqual([text, true]);
    expect(alpha.composer.text).toBe(text);
  });

  it("takes a single character on a page that takes 2 s for every key, and nothing else", async () => {
    await open({ keyMs: 2_000 });
    const pasted = good(await hands.pasteAndLook(plain("."), PASTE_KEYS, 30_000));
    expect(textOf(pasted.look)).toBe(".");
    await stage.simulated.settled();
    expect(alpha.composer.text).toBe(".");
  });

  it("takes a single character where its text runs from right to left", async () => {
    await open({ isRightToLeft: true });
    alpha.composer.text = "שלום";
    const pasted = good(await hands.pasteAndLook(plain("."), PASTE_KEYS, 4_000));
    expect(textOf(pasted.look)).toBe("שלום.");
  });

  it("is the same text where the system writes line breaks its own way", async () => {
    await open({});
    const { calls } = stage.simulated;
    const { readClipboard } = calls;
    Object.assign(calls, { readClipboard: async () => (await readClipboard()).replaceAll("\n", "\r\n") });
    const pasted = good(await hands.pasteAndLook(plain("one\ntwo\n\nthree"), PASTE_KEYS, 4_000));
    expect(textOf(pasted.look)).toBe("one\r\ntwo\r\n\r\nthree");
    expect(alpha.composer.text).toBe("one\ntwo\n\nthree");
  });

  it("is read through a clipboard that takes 300 ms for each call", async () => {
    await open({});
    stage.simulated.clipboardMs = 300;
    alpha.composer.text = "a draft";
    expect(textOf(good(await hands.look(LOOK_KEYS, 80)).look)).toBe("a draft");
    const keys = { ...PASTE_KEYS, before: MAC.selectAll };
    expect(textOf(good(await hands.pasteAndLook(plain("text"), keys, 15_000)).look)).toBe("text");
  });

  it("is not empty because the clipboard is so for a moment while it is replaced", async () => {
    await open({});
    alpha.composer.text = "a draft";
    stage.simulated.copyGapMs = 20;
    expect(textOf(good(await hands.look(LOOK_KEYS, 100)).look)).toBe("a draft");
    const pasted = good(await hands.pasteAndLook(plain(" and text"), PASTE_KEYS, 4_000));
    expect(textOf(pasted.look)).toBe("a draft and text");
  });

  it("is not what another program writes into the clipboard in the middle", async () => {
    await open({});
    alpha.composer.text = "a draft";
    let strikes = 2;
    stage.simulated.onInput = (what) => {
      if (what !== MAC.copy || strikes-- <= 0) return;
      // Later than the copy, earlier than the look at it.
      stage.simulated.clock.after(4, () => {
        stage.simulated.clipboard = `vandal ${strikes}`;
      });
    };
    expect(textOf(good(await hands.look(LOOK_KEYS, 100)).look)).toBe("a draft");
    expect(strikes).toBeLessThanOrEqual(0);
  });

  it("has its last answer waited for where another program's text was taken for the first", async () => {
    const { simulated } = stage;
    simulated.clipboard = "what the person copied";
    const found = await hands.remember();
    await open({ keyMs: 40 });
    alpha.composer.text = "a draft";
    simulated.onInput = (what) => {
      simulated.onInput = () => undefined;
      if (what === MAC.selectAll)
        simulated.clock.after(4, () => Object.assign(simulated, { clipboard: "vandal" }));
    };
    expect(textOf(good(await hands.look(LOOK_KEYS, 100)).look)).toBe("a draft");
    await hands.restore(found);
    await simulated.settled();
    expect(simulated.clipboard).toBe("what the person copied");
  });

  it("is given up where another program writes into the clipboard all the time", async () => {
    await open({});
    let count = 0;
    const strike = () => {
      stage.simulated.clipboard = `vandal ${++count}`;
      if (count < 2_000) stage.simulated.clock.after(3, strike);
    };
    strike();
    expect(codeOf(await hands.look(LOOK_KEYS, 100))).toBe("clipboard_busy");
    expect(codeOf(await hands.pasteAndLook(plain("text"), PASTE_KEYS, 2_000))).toBe("clipboard_busy");
    expect(alpha.composer.text).toBe("");
    count = 2_000;
  });

  it("is given up in time where the clipboard hangs", async () => {
    await open({});
    Object.assign(stage.simulated.calls, { readClipboard: () => new Promise<string>(() => undefined) });
    const startedAt = stage.simulated.clock.monotonic();
    expect(codeOf(await hands.look(LOOK_KEYS, 100))).toBe("clipboard_busy");
    expect(stage.simulated.clock.monotonic() - startedAt).toBeLessThan(8_000);
  });

  it("gets no further key once the focus went away between two keys", async () => {
    await open({});
    alpha.composer.text = "untouched";
    const pressed: string[] = [];
    stage.simulated.onInput = (what) => {
      pressed.push(what);
      if (what === MAC.selectAll) queueMicrotask(() => stage.simulated.activate(beta));
    };
    expect(codeOf(await hands.press([MAC.selectAll, MAC.erase, MAC.submit]))).toBe("focus_lost");
    await stage.simulated.settled();
    expect(pressed).toEqual([MAC.selectAll]);
    expect([alpha.composer.text, beta.composer.text]).toEqual(["untouched", ""]);
  });

  it("counts a key for nothing that went astray in the very instant of a focus change", async () => {
    await open({});
    good(await hands.pasteAndLook(plain("for alpha"), PASTE_KEYS, 4_000));
    stage.simulated.onInput = (what) => {
      if (what === MAC.submit) stage.simulated.activate(beta);
    };
    good(await hands.press([MAC.caretEnd, MAC.submit]));
    expect(codeOf(await hands.look(LOOK_KEYS, 100))).toBe("focus_lost");
    stage.simulated.onInput = () => undefined;
    await aimInto(hands, alpha);
    expect(textOf(good(await hands.look(LOOK_KEYS, 100)).look)).toBe("for alpha");
    expect([alpha.composer.submissions, beta.composer.submissions]).toEqual([[], []]);
  });

  it("gives no reading when the focus was seen elsewhere while the answer was awaited", async () => {
    await open({ keyMs: 100 });
    alpha.composer.text = "alpha's";
    const looked = hands.look(LOOK_KEYS, 1_000);
    await sleep(60);
    stage.simulated.activate(beta);
    await sleep(60);
    stage.simulated.activate(alpha);
    expect(codeOf(await looked)).toBe("focus_lost");
    expect(codeOf(await hands.press([MAC.submit]))).toBe("focus_lost");
  });

  it("gets no click where a person moves the pointer away in the same instant", async () => {
    await open({});
    const { calls } = stage.simulated;
    Object.assign(calls, { pointer: () => Promise.resolve({ x: 5, y: 5 }) });
    const clicked = await hands.click();
    expect(clicked.ok ? null : [clicked.error.code, clicked.isHandsOff]).toEqual(["human_active", true]);
  });

  it("is not clicked into when something lies over it that takes the focus", async () => {
    await open({});
    const cover = stage.simulated.open({ title: "Always on top", rect: alpha.rect });
    Object.assign(stage.simulated.calls, { activeWindow: () => Promise.resolve(alpha.id) });
    good(await hands.click());
    Object.assign(stage.simulated.calls, { activeWindow: () => Promise.resolve(cover.id) });
    expect(codeOf(await hands.press([MAC.submit]))).toBe("focus_lost");
  });

  it("is clicked into where its window is now", async () => {
    await open({});
    alpha.isComposerFocused = false;
    alpha.rect = { ...alpha.rect, x: alpha.rect.x + 300, y: alpha.rect.y + 200 };
    const { point } = good(await hands.click());
    expect(point).toEqual({ x: alpha.rect.x + 120, y: alpha.rect.y + 360 });
    expect(alpha.isComposerFocused).toBe(true);
  });

  it("is reached on a screen to the left of the main one", async () => {
    await open({ rect: { x: -900, y: 100, width: 380, height: 420 } });
    expect(stage.simulated.pointer.x).toBe(-780);
    expect(textOf(good(await hands.pasteAndLook(plain("left"), PASTE_KEYS, 4_000)).look)).toBe("left");
  });

  it("is refused where its window does not come to the front", async () => {
    await open({});
    stage.simulated.activate(beta);
    alpha.isStubborn = true;
    const aimed = await hands.aim(String(alpha.id), "Alpha", { x: 120, y: -60, from: "bottom-left" }, 300);
    expect(aimed.ok ? null : aimed.error).toMatchObject({
      code: "focus_lost",
      message: expect.stringContaining('in front: "Beta"'),
    });
  });
});
