/** Pages of one browser are one program to the X server: whose answer it is, a copy that is still open makes doubtful. */
import { expect, it } from "vitest";
import type { Aim } from "../../../src/desktop/x11/aim.ts";
import type { X11Clipboard } from "../../../src/desktop/x11/clipboard.ts";
import { composerReader } from "../../../src/desktop/x11/composer.ts";
import type { XConnection } from "../../../src/desktop/x11/connection.ts";
import { type Copies, noCopies } from "../../../src/desktop/x11/open-copies.ts";
import type { Content } from "../../../src/ports/desktop.ts";

const BROWSER = 1;
const OTHER = 2;
/** Another window of the browser. */
const OTHER_PAGE = 11;
const LOOK = { select: ["Ctrl+A"], copy: "Ctrl+C" };
const PASTE = { before: "Ctrl+End", paste: "Ctrl+V", selectAll: "Ctrl+A", copy: "Ctrl+C" };
const PATIENCE_MS = 30;

/** Who takes the clipboard, and with what, each time that keys are pressed. Null: nobody. */
type Answer = {
  readonly by: number;
  readonly text: string;
  readonly afterMs?: number;
  readonly againAfterMs?: number;
} | null;

function reader(answers: readonly Answer[], copies: Copies = noCopies()) {
  const left = [...answers];
  const listeners = new Set<(owner: number) => void>();
  let owner = 0;
  let held = "";
  let takes = 0;
  const takesBy = new Map<number, number>();
  const take = ({ by, text }: NonNullable<Answer>) => {
    [owner, held] = [by, text];
    takes += 1;
    takesBy.set(by, (takesBy.get(by) ?? 0) + 1);
    for (const listener of [...listeners]) listener(by);
  };
  const content = (): Content => ({ text: held, flavors: {} });
  const clipboard: X11Clipboard = {
    offer: () => {
      owner = 0;
      return Promise.resolve(true);
    },
    takeOver: () => Promise.resolve(false),
    since: 0,
    get isOwner() {
      return owner === 0;
    },
    get takes() {
      return takes;
    },
    takesOf: (window) => takesBy.get(window) ?? 0,
    owner: () => Promise.resolve(owner),
    read: () => Promise.resolve(held),
    isTextless: () => Promise.resolve(false),
    readRich: () => Promise.resolve(content()),
    onRequest: () => () => undefined,
    onTaken(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isTakenByOthers: (isKnown) => owner !== 0 && !isKnown(owner),
    keepOthers: () => () => undefined,
  };
  const aim: Aim = {
    window: BROWSER,
    title: "Chat",
    guarded(send) {
      send();
      const answer = left.shift() ?? null;
      if (answer) setTimeout(() => take(answer), answer.afterMs ?? 0);
      if (answer?.againAfterMs !== undefined) setTimeout(() => take(answer), answer.againAfterMs);
      return Promise.resolve({ ok: true });
    },
    click: () => Promise.reject(new Error("not in this test")),
    focusLost: () => null,
    end: () => undefined,
  };
  const x = {
    isSameClient: (a: number, b: number) => a % 10 === b % 10,
    xtest: { FakeInput: () => undefined },
  } as unknown as XConnection;
  const composer = composerReader(x, clipboard, { codes: () => [] } as never, copies);
  return {
    copies,
    left,
    taken: () => takes,
    look: () => composer.look(aim, LOOK, PATIENCE_MS),
    paste: (text: string, isNew = false) =>
      composer.pasteAndLook(aim, { text, flavors: {} }, { ...PASTE, isNew }, PATIENCE_MS),
    pasteOver: (text: string) =>
      composer.pasteAndLook(aim, { text, flavors: {} }, { ...PASTE, before: PASTE.selectAll }, PATIENCE_MS),
  };
}

const own = { by: BROWSER, text: "its own" };
const others = { by: BROWSER, text: "another page's" };
const copiesWith = (more: Partial<Copies>): Copies => ({ ...noCopies(), ...more });
const open = () => ({ of: BROWSER, takes: 0, at: performance.now() });

it("an answer is believed when it comes twice, where a copy of another page may still be answered", async () => {
  const { look, copies } = reader([others, own, own], copiesWith({ open: open() }));
  expect(await look()).toMatchObject({ ok: true, look: { content: { text: own.text } } });
  expect(copies.open).toBeNull();
  expect(copies.unanswered.size).toBe(0);
});

it("what was asked last is answered before the look ends, where the first answer was to a copy from before", async () => {
  const late = { ...own, againAfterMs: PATIENCE_MS * 2 };
  const { look, taken } = reader([own, late], copiesWith({ open: open() }));
  expect(await look()).toMatchObject({ ok: true, look: { content: { text: own.text } } });
  expect(taken()).toBe(3);
});

it("the first answer is believed where no copy is open", async () => {
  const { look, left } = reader([own, others]);
  expect(await look()).toMatchObject({ ok: true, look: { content: { text: own.text } } });
  expect(left).toEqual([others]);
});

it("a copy stays open when another program took the clipboard instead of an answer", async () => {
  const vandal = { by: OTHER, text: "copied elsewhere" };
  const { look, copies } = reader([vandal, vandal, vandal, vandal, vandal]);
  expect(await look()).toMatchObject({ ok: false, error: { code: "clipboard_busy" } });
  expect(copies.open).toMatchObject({ of: BROWSER });
});

it("a copy behind a paste stays open when nothing was answered", async () => {
  const { paste, copies } = reader([null]);
  expect(await paste("a message")).toMatchObject({ ok: true, look: { kind: "silence" } });
  expect(copies.open).toMatchObject({ of: BROWSER });
});

it("a page that owes an answer to a paste is not pasted to again, for 10 s", async () => {
  const { paste, copies, left } = reader([null, own]);
  await paste("a message");
  expect(await paste("a message")).toMatchObject({ ok: false, mayBePressed: false });
  expect(left).toEqual([own]);
  copies.pastes.set(BROWSER, performance.now() - 11_000);
  expect(await paste("a message")).toMatchObject({ ok: true, look: { content: { text: own.text } } });
});

it("an answer to the paste before is heard before another is pressed", async () => {
  const { paste, copies, left } = reader([{ ...own, afterMs: PATIENCE_MS * 1.5 }, others]);
  await paste("a message");
  expect(await paste("a message")).toMatchObject({ ok: true, overtaken: { held: { text: own.text } } });
  expect(left).toEqual([others]);
  expect(copies.pastes.size).toBe(0);
});

it("another page's answer does not say that a paste is done", async () => {
  const unanswered = new Map([[OTHER_PAGE, performance.now()]]);
  const { paste } = reader([{ ...others, afterMs: PATIENCE_MS * 1.5 }], copiesWith({ unanswered }));
  await paste("a message");
  expect(await paste("a message")).toMatchObject({ ok: false, mayBePressed: false });
});

it("one answer of another page does not mean that it owes no more", async () => {
  const unanswered = new Map([[OTHER_PAGE, performance.now()]]);
  const { look } = reader([others, own, own], copiesWith({ unanswered }));
  expect(await look()).toMatchObject({ ok: true, look: { content: { text: own.text } } });
});

it("a burst of another page's answers is not believed, however often they are the same", async () => {
  const unanswered = new Map([[OTHER_PAGE, performance.now()]]);
  const burst = { ...others, againAfterMs: 20 };
  const { look } = reader([burst, null], copiesWith({ unanswered }));
  expect(await look()).toMatchObject({ ok: true, look: { kind: "silence" } });
});

it("what another page answers behind a paste is not what stood here before", async () => {
  const unanswered = new Map([[OTHER_PAGE, performance.now()]]);
  const { paste } = reader([others], copiesWith({ unanswered }));
  expect(await paste("a message")).toMatchObject({ ok: true, overtaken: null });
});

it("a page that was silent for long owes nothing", async () => {
  const unanswered = new Map([[OTHER_PAGE, performance.now() - 11_000]]);
  const { look, left } = reader([own, others], copiesWith({ unanswered }));
  expect(await look()).toMatchObject({ ok: true, look: { content: { text: own.text } } });
  expect(left).toEqual([others]);
});

it("a draft that is pasted back is known only where it stands alone, and does not end the doubt", async () => {
  const before = { by: BROWSER, text: "z\n\nqj and a message" };
  const other = reader([before], copiesWith({ open: open() }));
  expect(await other.pasteOver("z\n\nqj")).toMatchObject({ ok: true, overtaken: null });
  expect(other.copies.open).not.toBeNull();
  expect([...other.copies.unanswered.keys()]).toEqual([BROWSER]);
  const own = reader([{ by: BROWSER, text: "z\nqj" }], copiesWith({ open: open() }));
  expect(await own.pasteOver("z\n\nqj")).toMatchObject({ ok: true, look: { kind: "text" } });
  expect(own.copies.open).toMatchObject({ takes: 1 });
  expect([...own.copies.unanswered.keys()]).toEqual([]);
});

it("a message is known by its text, and ends the doubt", async () => {
  const { paste, copies } = reader(
    [{ by: BROWSER, text: "a draft and a message" }],
    copiesWith({ open: open() }),
  );
  expect(await paste("a message", true)).toMatchObject({ ok: true, look: { kind: "text" } });
  expect(copies.open).toBeNull();
});
