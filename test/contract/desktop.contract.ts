import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InputPoint, Point } from "../../src/domain/agent.ts";
import type { Profile } from "../../src/domain/profile.ts";
import type { Desktop, Guarded, Hands, Look } from "../../src/ports/desktop.ts";
import { until } from "../desktop-fixture/until.ts";

/** A desktop with windows, and what a person there sees and does; independent of the code under test. */
export interface DesktopWorld {
  readonly desktop: Desktop;
  /** What `acquire` is given; null: the default display. */
  readonly display: string | null;
  readonly profile: Profile;
  /** A rich editor: it gives line breaks back doubled, and drops blanks at the end of a line. */
  readonly isRich: boolean;
  /** Characters that its clipboard carries at most. */
  readonly longestText: number;
  readonly shortestText: number;
  /** Two windows with an empty composer each at `input`, the second one active. They are there for all tests. */
  readonly alpha: WorldWindow;
  readonly beta: WorldWindow;
  /** A point of such a window where no field is. */
  readonly nowhere: InputPoint;
  readonly input: InputPoint;
  /** The same desktop, as another swarm on it opens it. */
  openAgain(): Desktop;
  /** Opens one more window, which becomes the active one. */
  open(title: string): Promise<WorldWindow>;
  clipboard(): Promise<string>;
  setClipboard(text: string): Promise<void>;
  pointer(): Promise<Point>;
  movePointer(to: Point): Promise<void>;
  activeTitle(): Promise<string | null>;
  /** Empty composers, no submissions, all windows in their places, `beta` active. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldWindow {
  readonly title: string;
  text(): Promise<string>;
  setText(text: string): Promise<void>;
  submissions(): Promise<readonly string[]>;
  setTitle(title: string): Promise<void>;
  activate(): Promise<void>;
  minimise(): Promise<void>;
  corner(): Promise<Point>;
  moveTo(corner: Point): Promise<void>;
  close(): Promise<void>;
}

/** For an answer that comes, also on a busy machine. */
const PATIENCE_MS = 8_000;
/** For an answer that does not come. */
const QUIET_MS = 700;
const LINE_MS = 20_000;
/** Frames make a difference of a few pixels. */
const FRAME = 40;

const TEXTS = {
  "one line": "[#msg_20260101_120000_0123abcd from Captain] run the tests",
  "line breaks and tabs": "first\n\tindented\nthird\n\nafter an empty line",
  "emoji with joiners": "done 👩‍👩‍👧‍👦🏳️‍🌈 é́ 🇩🇪",
  "Chinese and Arabic": "测试通过了 — نجحت الاختبارات",
  "one character": ".",
  "two characters": "ok",
  "7,900 characters": `${"0123456789".repeat(789)}the end...`,
};

/** What every desktop must do, whatever it is made of. */
export function describeDesktop(name: string, start: () => Promise<DesktopWorld>): void {
  describe(`the desktop of ${name}`, () => {
    let world: DesktopWorld;
    const held: Hands[] = [];

    beforeAll(async () => {
      world = await start();
    });
    afterAll(async () => {
      await world?.desktop.close();
      await world?.stop();
    });
    beforeEach(() => world.reset());
    afterEach(async () => {
      for (const hands of held.splice(0)) await hands.release();
    });

    const take = async (): Promise<Hands> => {
      const signal = new AbortController().signal;
      const { hands } = good(await world.desktop.acquire(world.display, "a test", LINE_MS, signal));
      held.push(hands);
      return hands;
    };
    const idOf = async (hands: Hands, title: string): Promise<string> => {
      const found = (await hands.windows()).filter((window) => window.title === title);
      expect(found).toHaveLength(1);
      return found[0]?.id ?? "";
    };
    const aimAt = async (hands: Hands, window: WorldWindow, input = world.input) => {
      const id = await idOf(hands, window.title);
      const aimed = good(await hands.aim(id, window.title, input, 3_000));
      const { point: clicked } = good(await hands.click());
      return { ...aimed, clicked };
    };
    const lookKeys = () => ({ select: [world.profile.selectAll], copy: world.profile.copy });
    const pasteKeys = (before = world.profile.caretEnd) => {
      const { paste, selectAll, copy } = world.profile;
      return { before, paste, selectAll, copy };
    };
    const comparable = (text: string | null) =>
      world.isRich ? text?.replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n") : text;
    const expectText = (actual: string | null, wanted: string) =>
      expect(comparable(actual)).toBe(comparable(wanted));
    const content = (text: string) => ({ text, flavors: {} });

    it("lists the windows with title and place, and tells which one is active", async () => {
      const hands = await take();
      const windows = await hands.windows();
      const alpha = windows.find(({ title }) => title === world.alpha.title);
      const beta = windows.find(({ title }) => title === world.beta.title);
      expect([alpha?.isActive, beta?.isActive]).toEqual([false, true]);
      const corner = await world.beta.corner();
      expect(Math.abs((beta?.rect.x ?? -1e6) - corner.x)).toBeLessThan(FRAME);
      expect(Math.abs((beta?.rect.y ?? -1e6) - corner.y)).toBeLessThan(FRAME);
      expect(beta?.rect.width).toBeGreaterThan(100);
    });

    it("raises a window, makes it the active one, and tells where its input point lies", async () => {
      const hands = await take();
      const { point, rect, clicked } = await aimAt(hands, world.alpha);
      expect(await world.activeTitle()).toBe(world.alpha.title);
      expect(point).toEqual({ x: rect.x + world.input.x, y: rect.y + rect.height + world.input.y });
      expect(await world.pointer()).toEqual(clicked);
      expect([Math.abs(clicked.x - point.x) <= 8, clicked.y]).toEqual([true, point.y]);
    });

    it("takes the text however quickly clicks follow each other", async () => {
      const hands = await take();
      for (const text of ["first", "second", "third", "fourth"]) {
        await aimAt(hands, world.alpha);
        await aimAt(hands, world.alpha);
        await aimAt(hands, world.alpha);
        const { look } = good(await hands.pasteAndLook(content(`${text},`), pasteKeys(), PATIENCE_MS));
        expect(textOf(look)?.endsWith(`${text},`)).toBe(true);
      }
      expect((await world.alpha.text()).endsWith("fourth,")).toBe(true);
    });

    it("raises a window that is minimised", async () => {
      await world.alpha.minimise();
      const hands = await take();
      await aimAt(hands, world.alpha);
      expect(await world.activeTitle()).toBe(world.alpha.title);
    });

    it("reads what the composer holds and leaves it there", async () => {
      await world.alpha.setText(TEXTS["line breaks and tabs"]);
      const hands = await take();
      await aimAt(hands, world.alpha);
      const { look } = good(await hands.look(lookKeys(), PATIENCE_MS));
      expectText(textOf(look), TEXTS["line breaks and tabs"]);
      expectText(await world.alpha.text(), TEXTS["line breaks and tabs"]);
      expect(await world.alpha.submissions()).toEqual([]);
    });

    it("hears nothing from an empty composer", async () => {
      const hands = await take();
      await aimAt(hands, world.alpha);
      const { look } = good(await hands.look(lookKeys(), 200));
      expect(look.kind).toBe("silence");
      expect(look.ms).toBeGreaterThanOrEqual(190);
    });

    it.each(Object.entries(TEXTS))("pastes a text of %s and reads it back", async (_, whole) => {
      const text = whole.slice(-world.longestText).padStart(world.shortestText, whole);
      const hands = await take();
      await aimAt(hands, world.alpha);
      const result = good(await hands.pasteAndLook(content(text), pasteKeys(), PATIENCE_MS));
      expectText(textOf(result.look), text);
      expect(result.isTaken).toBe(true);
      expectText(await world.alpha.text(), text);
      expect([await world.beta.text(), await world.alpha.submissions()]).toEqual(["", []]);
    });

    it("pastes behind a draft, and then in place of all", async () => {
      await world.alpha.setText("a draft");
      const hands = await take();
      await aimAt(hands, world.alpha);
      const behind = good(await hands.pasteAndLook(content(" and text"), pasteKeys(), PATIENCE_MS));
      expect(textOf(behind.look)).toBe("a draft and text");
      const instead = good(
        await hands.pasteAndLook(content("only text"), pasteKeys(world.profile.selectAll), PATIENCE_MS),
      );
      expect(textOf(instead.look)).toBe("only text");
      expect(await world.alpha.text()).toBe("only text");
    });

    it("submits what was pasted, once and where it belongs", async () => {
      const hands = await take();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("hello there"), pasteKeys(), PATIENCE_MS));
      good(await hands.press([world.profile.caretEnd, world.profile.submit]));
      const { look } = good(await hands.look(lookKeys(), QUIET_MS));
      expect(look.kind).toBe("silence");
      expect(await world.alpha.submissions()).toEqual(["hello there"]);
      expect(await world.beta.submissions()).toEqual([]);
    });

    it("erases what it selects", async () => {
      await world.alpha.setText("to be removed");
      const hands = await take();
      await aimAt(hands, world.alpha);
      good(await hands.press([world.profile.selectAll, world.profile.erase]));
      expect(good(await hands.look(lookKeys(), QUIET_MS)).look.kind).toBe("silence");
      expect(await world.alpha.text()).toBe("");
    });

    it("is never told of its text where no field has the focus", async () => {
      const hands = await take();
      await aimAt(hands, world.alpha, world.nowhere);
      const pasted = await hands.pasteAndLook(content("lost words"), pasteKeys(), 600);
      if (pasted.ok) expect(textOf(pasted.look) ?? "").not.toContain("lost words");
      expect(await world.alpha.text()).toBe("");
    });

    it("presses nothing once another window took the focus, until it aims again", async () => {
      const hands = await take();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("for alpha"), pasteKeys(), PATIENCE_MS));
      await world.beta.activate();
      const { profile } = world;
      expect(codeOf(await hands.press([profile.caretEnd, profile.submit]))).toBe("focus_lost");
      expect(codeOf(await hands.look(lookKeys(), 200))).toBe("focus_lost");
      expect(codeOf(await hands.pasteAndLook(content("astray"), pasteKeys(), 200))).toBe("focus_lost");
      await aimAt(hands, world.alpha);
      expect(textOf(good(await hands.look(lookKeys(), PATIENCE_MS)).look)).toBe("for alpha");
      expect([await world.alpha.submissions(), await world.beta.submissions()]).toEqual([[], []]);
      expect(await world.beta.text()).toBe("");
    });

    it("presses nothing in a window that bears another title now", async () => {
      const hands = await take();
      await aimAt(hands, world.alpha);
      await world.alpha.setTitle("Something else");
      try {
        expect(codeOf(await hands.pasteAndLook(content("astray"), pasteKeys(), 200))).toBe("focus_lost");
        expect(await world.alpha.text()).toBe("");
      } finally {
        await world.alpha.setTitle(world.alpha.title);
      }
    });

    it("knows a window by a pattern for its title", async () => {
      const hands = await take();
      const id = await idOf(hands, world.alpha.title);
      good(await hands.aim(id, "/^Alph[a-z]/", world.input, 3_000));
      good(await hands.click());
      good(await hands.pasteAndLook(content("by pattern"), pasteKeys(), PATIENCE_MS));
      expect(await world.alpha.text()).toBe("by pattern");
    });

    it("refuses an input point that lies outside of the window", async () => {
      const hands = await take();
      const id = await idOf(hands, world.alpha.title);
      const aimed = await hands.aim(id, world.alpha.title, { ...world.input, x: 5_000 }, 3_000);
      expect(codeOf(aimed)).toBe("calibration_stale");
    });

    it("says so when the window has been closed", async () => {
      const gamma = await world.open("Gamma of the contract");
      const hands = await take();
      const id = await idOf(hands, gamma.title);
      await gamma.close();
      expect(codeOf(await hands.aim(id, gamma.title, world.input, 500))).toBe("window_not_found");
    });

    it("moves a window whose input point is off the screen into view, and back afterwards", async () => {
      const home = await world.alpha.corner();
      await world.alpha.moveTo({ x: 1_550, y: home.y });
      const away = await world.alpha.corner();
      await world.beta.activate();
      const hands = await take();
      const guest = await hands.remember();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("seen"), pasteKeys(), PATIENCE_MS));
      expect(await world.alpha.text()).toBe("seen");
      await hands.restore(guest);
      await until("the window is back", async () => isSame(await world.alpha.corner(), away));
    });

    it("puts back clipboard, pointer and active window", async () => {
      await world.setClipboard("what the person copied\nin two lines");
      await world.movePointer({ x: 777, y: 333 });
      const hands = await take();
      const guest = await hands.remember();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("hello"), pasteKeys(), PATIENCE_MS));
      await hands.restore(guest);
      await hands.release();
      expect(await world.clipboard()).toBe("what the person copied\nin two lines");
      expect(await world.pointer()).toEqual({ x: 777, y: 333 });
      expect(await world.activeTitle()).toBe(world.beta.title);
    });

    it("leaves all to the next holder where the lock was lost before it could be put back", async () => {
      await world.setClipboard("what the person copied");
      await world.movePointer({ x: 777, y: 333 });
      const hands = await take();
      const guest = await hands.remember();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("hello"), pasteKeys(), PATIENCE_MS));
      await hands.release();
      const pointer = await world.pointer();
      await hands.restore(guest);
      expect(await world.pointer()).toEqual(pointer);
      expect(await world.activeTitle()).toBe(world.alpha.title);
      await (await take()).release();
      expect(await world.clipboard()).toBe("what the person copied");
      expect(await world.pointer()).toEqual({ x: 777, y: 333 });
      expect(await world.activeTitle()).toBe(world.beta.title);
    });

    it("leaves what the person copied and where the person moved the pointer in the meantime", async () => {
      await world.setClipboard("before");
      const hands = await take();
      const guest = await hands.remember();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("hello"), pasteKeys(), PATIENCE_MS));
      await world.setClipboard("copied meanwhile");
      await world.movePointer({ x: 900, y: 44 });
      await hands.restore(guest);
      await hands.release();
      expect(await world.clipboard()).toBe("copied meanwhile");
      expect(await world.pointer()).toEqual({ x: 900, y: 44 });
    });

    it("leaves another window active that the person turned to in the meantime", async () => {
      const gamma = await world.open("Gamma of the person");
      try {
        await world.beta.activate();
        const hands = await take();
        const guest = await hands.remember();
        await aimAt(hands, world.alpha);
        await gamma.activate();
        await hands.restore(guest);
        expect(await world.activeTitle()).toBe(gamma.title);
      } finally {
        await gamma.close();
      }
    });

    it("tells how long the person has been idle without counting its own input", async () => {
      const hands = await take();
      await hands.humanIdleMs();
      await aimAt(hands, world.alpha);
      good(await hands.pasteAndLook(content("typed by swarm"), pasteKeys(), PATIENCE_MS));
      expect(await hands.humanIdleMs()).toBeGreaterThan(100);
      await until("the person is noticed", async () => {
        const { x } = await world.pointer();
        await world.movePointer({ x: x === 555 ? 556 : 555, y: 222 });
        return (await hands.humanIdleMs()) < 100;
      });
    });

    it("does not say of the time before it looked that nobody has touched anything", async () => {
      const { x } = await world.pointer();
      await world.movePointer({ x: x === 555 ? 556 : 555, y: 222 });
      const movedAt = performance.now();
      const other = world.openAgain();
      try {
        const signal = new AbortController().signal;
        const { hands } = good(await other.acquire(world.display, "another", LINE_MS, signal));
        held.push(hands);
        await aimAt(hands, world.alpha);
        const alpha = (await hands.windows()).find(({ title }) => title === world.alpha.title);
        const passedMs = performance.now() - movedAt + 100;
        expect(await hands.untouchedMs()).toBeLessThan(passedMs);
        expect(await hands.submitIdleMs(alpha?.id ?? "")).toBeLessThan(passedMs);
      } finally {
        await other.close();
      }
    });

    it("does not take another swarm's input for a person's", async () => {
      const hands = await take();
      const idleMs = await hands.humanIdleMs();
      const other = world.openAgain();
      try {
        await hands.release();
        const signal = new AbortController().signal;
        const { hands: others } = good(await other.acquire(world.display, "another", LINE_MS, signal));
        held.push(others);
        await aimAt(others, world.alpha);
        await others.release();
        expect(await (await take()).humanIdleMs()).toBeGreaterThanOrEqual(idleMs);
      } finally {
        await other.close();
      }
    });

    it("presses nothing after its release", async () => {
      const hands = await take();
      await aimAt(hands, world.alpha);
      await hands.release();
      const { profile } = world;
      expect(codeOf(await hands.press([profile.selectAll, profile.submit]))).toBe("lock_lost");
      expect(codeOf(await hands.pasteAndLook(content("late"), pasteKeys(), 200))).toBe("lock_lost");
      expect(await world.alpha.text()).toBe("");
    });

    it("is given to one at a time, in the order of asking", async () => {
      const first = await take();
      const order: string[] = [];
      const ask = async (who: string) => {
        const hands = await take();
        order.push(who);
        await hands.release();
      };
      const second = ask("second");
      const third = ask("third");
      await first.windows();
      expect(order).toEqual([]);
      order.push("first");
      await first.release();
      await Promise.all([second, third]);
      expect(order).toEqual(["first", "second", "third"]);
    });

    it("gives up waiting in line at the deadline, or when asked to", async () => {
      await take();
      const signal = new AbortController();
      const late = await world.desktop.acquire(world.display, "too late", 50, signal.signal);
      expect(codeOf(late)).toBe("lock_timeout");
      const stopped = world.desktop.acquire(world.display, "stopped", LINE_MS, signal.signal);
      signal.abort();
      expect(codeOf(await stopped)).toBe("lock_timeout");
    });
  });
}

function isSame(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

function good<T extends object>(result: Guarded<T>): { readonly ok: true } & T {
  if (!result.ok) throw new Error(`refused: ${result.error.code}: ${result.error.message}`);
  return result;
}

function codeOf(result: Guarded<object>): string | null {
  return result.ok ? null : result.error.code;
}

function textOf(look: Look): string | null {
  return look.kind === "text" ? look.content.text : null;
}
