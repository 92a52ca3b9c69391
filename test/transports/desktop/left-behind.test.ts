import { describe, expect, it } from "vitest";
import type { PasteLook } from "../../../src/ports/desktop.ts";
import { holdsNow } from "../../../src/transports/desktop/control.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { keepDraft } from "../../../src/transports/desktop/keep-draft.ts";
import { keepLate } from "../../../src/transports/desktop/late-draft.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { remains } from "../../../src/transports/desktop/remains.ts";
import { type Script, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const COPIED = "copied by another program";
const pasted = (held: string): PasteLook => ({ look: text(held), isTaken: true, overtaken: null });
const draftOf = (draft: string) => ({ content: { text: draft, flavors: {} }, file: "draft-1" });

function workOn(script: Partial<Script>, copied: readonly string[] = []) {
  const pressed: string[] = [];
  const work = scriptedWork({ looks: [], pastes: [], ...script, pressed }, OWN);
  work.hands.copiedByOthers = () => Promise.resolve({ texts: copied, isMissing: false, beforeKill: [] });
  return { work, pressed };
}

describe("what another program copied in the moment of a paste", () => {
  it("is taken out again, and the draft beside it is what stood there before", async () => {
    const looks = [text("my draft")];
    const pastes = [pasted(`my draft${COPIED}`), pasted("my draft")];
    const { work, pressed } = workOn({ looks, pastes }, [COPIED]);
    expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "clipboard_busy" } });
    looks.push(text(`my draft${COPIED}`), text("t"));
    expect(await putBack(work)).toBe(true);
    expect(pressed).toContain("Ctrl+A paste:my draft");
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["my draft", `my draft${COPIED}`]);
  });

  it("is no draft where it stands in the place of one", async () => {
    const { work, pressed } = workOn({ looks: [text(COPIED), text("t")], pastes: [pasted("my draft")] }, [
      COPIED,
    ]);
    work.draft = draftOf("my draft");
    expect(await putBack(work)).toBe(true);
    expect(pressed).toContain("Ctrl+A paste:my draft");
    // On disk, for a person may have pasted it.
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual([COPIED]);
  });

  it.each([
    ["behind it", `${COPIED}qj`],
    ["over its last character", `${COPIED.slice(0, -1)}qj`],
    ["before it", `qj${COPIED}`],
  ])("is no part of what a person has typed %s", async (_, held) => {
    const { work } = workOn({ looks: [text(held)], pastes: [pasted(`${held}${OWN}`), pasted(OWN)] });
    work.draft = draftOf("my draft");
    work.foreign = [COPIED];
    expect(await fill(work)).toBeNull();
    expect(work.draft?.content.text).toBe("my draft\nqj");
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toContain(held);
  });

  it("is a part of a draft where it is short, or stands in its middle", async () => {
    for (const held of ["my own and short", `before ${COPIED} behind`]) {
      const { work } = workOn({ looks: [text(held)], pastes: [pasted(`${held}${OWN}`), pasted(OWN)] });
      work.foreign = ["short", COPIED];
      expect(await fill(work)).toBeNull();
      expect(work.draft?.content.text).toBe(held);
    }
  });

  it.each([
    ["known to the next attempt", 60_000, [COPIED]],
    ["a person's where one may have pasted it since", 0, []],
  ])("is %s", async (_, submitIdleMs, foreign) => {
    const left = remains();
    const { work } = workOn({}, [COPIED]);
    await left.note(work, false);
    const next = workOn({}).work;
    next.hands.submitIdleMs = () => Promise.resolve(submitIdleMs);
    await left.tell(next);
    expect(next.foreign).toEqual(foreign);
  });
});

it("a draft that was back is known to have been, also where another message came in between", async () => {
  const left = remains();
  const first = workOn({}).work;
  first.draft = draftOf("my draft");
  first.isDraftBack = true;
  await left.note(first, false);
  await left.note(workOn({}).work, true);
  const again = workOn({}).work;
  again.draft = first.draft;
  await left.tell(again);
  expect(again.isDraftBack).toBe(true);
});

it("what is in the clipboard may have been pasted by a process that ended in the middle", async () => {
  const left = remains();
  const error = { code: "desktop_crashed" as const, message: "", hint: "" };
  const { work } = workOn({ looks: [text(`my draft${COPIED}`)], pastes: [pasted(OWN)] });
  const next = { ...work, clipboardText: COPIED };
  left.ended(next.agent.name, { kind: "deferred", error });
  await left.tell(next);
  expect(next.foreign).toEqual([]); // a draft that nobody has seen yet may be a person's as it is
  next.draft = draftOf("my draft");
  await left.tell(next);
  expect(next.foreign).toEqual([COPIED]);
  expect(await fill(next)).toBeNull();
  expect(next.draft.content.text).toBe("my draft");
});

it("what others copied before a process was killed may have been pasted, also where the clipboard has another text since", async () => {
  const left = remains();
  const error = { code: "desktop_crashed" as const, message: "", hint: "" };
  const { work } = workOn({ looks: [text(`my draft${COPIED}`)], pastes: [pasted(OWN)] });
  work.hands.copiedByOthers = () => Promise.resolve({ texts: [], isMissing: false, beforeKill: [COPIED] });
  const next = { ...work, clipboardText: "copied since", draft: draftOf("my draft") };
  left.ended(next.agent.name, { kind: "deferred", error });
  await left.tell(next);
  expect(await fill(next)).toBeNull();
  expect(next.draft.content.text).toBe("my draft");
});

it("a draft that is owed when its message has ended is put back by the next one, and on its record", async () => {
  const left = remains();
  const { work } = workOn({});
  work.draft = draftOf("my draft");
  work.isMarkLeft = true;
  left.owe(work.agent.name, work);
  const next = workOn({}).work;
  const records: string[] = [];
  next.attempt.record = ({ type }) => records.push(type);
  await left.tell(next);
  expect(next.draft?.content.text).toBe("my draft");
  expect(next.isMarkLeft).toBe(true);
  expect(records).toEqual(["draft_saved"]);
});

describe("the character of a control that could not be taken out", () => {
  it("is told from what a person has typed behind it, which is put back with the draft", async () => {
    const looks = [text("xqj"), text("xqj"), text("j")];
    const { work } = workOn({ looks, pastes: [pasted("my draft\nqj")] });
    work.draft = draftOf("my draft");
    work.isMarkLeft = true;
    expect(await putBack(work)).toBe(true);
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["my draft\nqj"]);
    expect(work.isMarkLeft).toBe(false);
  });

  it("is told from a person's words where the message came to stand behind both", async () => {
    const { work } = workOn({ looks: [text("xqj")], pastes: [pasted(`xqj${OWN}`), pasted(OWN)] });
    work.isMarkLeft = true;
    expect(await fill(work)).toBeNull();
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["qj"]);
  });

  it("is nobody's when a draft ends like it", async () => {
    const { work } = workOn({ looks: [text("fix"), text("x")] });
    work.draft = draftOf("fix");
    work.isMarkLeft = true;
    expect(await putBack(work)).toBe(true);
    expect(work.drafts).toEqual([]);
  });
});

describe("line breaks of a draft", () => {
  it("are halved for an editor that gives each back as two", async () => {
    const looks = [text(OWN), text("b")];
    const { work, pressed } = workOn({ looks, pastes: [pasted("a\n\n\n\nb"), pasted("a\n\nb")] });
    work.draft = draftOf("a\n\nb");
    work.isTextLeft = true;
    expect(await putBack(work)).toBe(true);
    expect(pressed.filter((keys) => keys.includes("paste:"))).toEqual([
      "Ctrl+A paste:a\n\nb",
      "Ctrl+A paste:a\nb",
    ]);
  });

  it("stay where the editor gives back what it got", async () => {
    const { work, pressed } = workOn({ looks: [text(OWN), text("b")], pastes: [pasted("a\n\nb")] });
    work.draft = draftOf("a\n\nb");
    work.isTextLeft = true;
    expect(await putBack(work)).toBe(true);
    expect(pressed.filter((keys) => keys.includes("paste:"))).toEqual(["Ctrl+A paste:a\n\nb"]);
    // The last character was seen to be what is selected: then the caret goes behind it.
    expect(pressed.slice(-2)).toEqual(["Ctrl+End Shift+Left Ctrl+C", "Ctrl+End"]);
  });
});

it("a draft that a page told of too late, twice, is put back once, both on disk", async () => {
  const { work } = workOn({});
  await keepLate(work, ["my draftmy draft"]);
  expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["my draftmy draft", "my draft"]);
  expect(work.draft?.content.text).toBe("my draft");
});

it("a draft that a page pasted twice when the process that types had ended is put back once, both on disk", async () => {
  const { work } = workOn({ looks: [text("my draftmy draft")], pastes: [pasted(OWN)] });
  work.isDoubleLikely = true;
  expect(await fill(work)).toBeNull();
  expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["my draftmy draft", "my draft"]);
  expect(work.draft?.content.text).toBe("my draft");
});

describe("a draft that was put back before, with nobody at the desktop since", () => {
  it("is waited for: a silent composer is a slow one", async () => {
    const { work } = workOn({
      looks: [text("my draft")],
      pastes: [pasted(`my draft${OWN}`), pasted(OWN)],
    });
    work.expectedDraft = "my draft";
    const patiences: number[] = [];
    const { look } = work.hands;
    work.hands.look = (keys, patienceMs) => {
      patiences.push(patienceMs);
      return look(keys, patienceMs);
    };
    expect(await fill(work)).toBeNull();
    expect(patiences[0]).toBeGreaterThan(5_000);
  });

  it("is put back once where the page has pasted its own copy of it, with both on disk", async () => {
    const { work } = workOn({ looks: [text("hahahaha")], pastes: [pasted(OWN)] });
    work.expectedDraft = "haha";
    expect(await fill(work)).toBeNull();
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["hahahaha", "haha"]);
    expect(work.draft?.content.text).toBe("haha");
  });

  it("is what it is where a person may have doubled it", async () => {
    const { work } = workOn({ looks: [text("hahahaha")], pastes: [pasted(`hahahaha${OWN}`), pasted(OWN)] });
    expect(await fill(work)).toBeNull();
    expect(work.draft?.content.text).toBe("hahahaha");
  });

  it("is told to the next attempt only where nobody has pressed since what takes it away", async () => {
    const left = remains();
    const first = workOn({}).work;
    first.isRead = true;
    first.restoredDraft = "my draft";
    await left.note(first, true);
    const told = async (idleMs: number) => {
      const { work } = workOn({});
      work.hands.editIdleMs = () => Promise.resolve(idleMs);
      await left.tell(work);
      return work.expectedDraft;
    };
    expect(await told(60_000)).toBe("my draft");
    expect(await told(0)).toBeNull();
  });
});

describe("what is told from a person's words", () => {
  it("is the one character of a control that came to stand among them", async () => {
    const { work } = workOn({ looks: [text("qqxjj")], pastes: [pasted(`qqxjj${OWN}`), pasted(OWN)] });
    work.isMarkLeft = true;
    expect(await fill(work)).toBeNull();
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["qqjj"]);
  });

  it("is that character where a page had copied it before the paste", async () => {
    const overtaken = { held: { text: "x", flavors: {} } };
    const { work } = workOn({ looks: [SILENCE], pastes: [{ ...pasted(OWN), overtaken }] });
    work.isMarkLeft = true;
    work.wasMarked = true;
    expect(await fill(work)).toBeNull();
    expect(work.drafts).toEqual([]);
  });

  it("is no editor where a rich field has given each line break back many times", async () => {
    const draft = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n\n\n\n");
    const { work } = workOn({ looks: [text(draft)], pastes: [pasted(draft + OWN), pasted(OWN)] });
    expect(await fill(work)).toBeNull();
    expect(work.draft?.content.text).toBe(draft);
  });
});

it("nothing stays selected behind a draft that is back: the next key is the person's", async () => {
  const { work } = workOn({ looks: [text("my draft"), text("t")] });
  work.draft = draftOf("my draft");
  const collapses: unknown[] = [];
  const { look } = work.hands;
  work.hands.look = (keys, patienceMs) => {
    collapses.push(keys.collapse?.by);
    return look(keys, patienceMs);
  };
  expect(await putBack(work)).toBe(true);
  expect(collapses).toEqual(["Ctrl+End", "Ctrl+End"]);
});

it("a draft that is back is taken up again where the focus was stolen while it was still selected", async () => {
  const { work, pressed } = workOn({ looks: [text("my draft"), text("my draft"), text("t")] });
  work.draft = draftOf("my draft");
  const { look } = work.hands;
  let looks = 0;
  work.hands.look = (keys, patienceMs) => {
    looks += 1;
    const lost = { code: "focus_lost" as const, message: "", hint: "" };
    return looks === 2
      ? Promise.resolve({ ok: false, error: lost, isHandsOff: false, mayBePressed: true })
      : look(keys, patienceMs);
  };
  expect(await putBack(work)).toBe(true);
  expect(pressed.at(-1)).toBe("Ctrl+End");
  expect(work.draft).toBeNull();
});

it("a copy that a page pasted behind a draft which is not back yet is not put back with it", async () => {
  const now = "my draftmy drafq";
  const { work } = workOn({ looks: [text(now)], pastes: [pasted(OWN)] });
  work.draft = draftOf("my draft");
  expect(await fill(work)).toBeNull();
  expect(work.draft?.content.text).toBe("my draftq");
  expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual([now, "my draftq"]);
});

describe("a draft that was seen to be back, and may have been selected", () => {
  const lost = { code: "human_active" as const, message: "", hint: "" };
  /** Put back; then a person's key ends the attempt. */
  const interrupted = async (looks: Script["looks"], pastes: Script["pastes"] = []) => {
    const scripted = workOn({ looks: [text("my draft"), ...looks], pastes });
    const { work } = scripted;
    work.draft = draftOf("my draft");
    const { look } = work.hands;
    let count = 0;
    work.hands.look = (keys, patienceMs) => {
      count += 1;
      return count === 2
        ? Promise.resolve({ ok: false, error: lost, isHandsOff: true, mayBePressed: true })
        : look(keys, patienceMs);
    };
    expect(await putBack(work)).toBe(false);
    return scripted;
  };

  it("is put back again where a person's key has replaced it", async () => {
    const { work } = await interrupted(
      [text("q"), text("q"), text("qx"), SILENCE, text("x"), text("q"), text("q"), text("q")],
      [pasted("my draft\nq")],
    );
    await putBack(work);
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toContain("my draft\nq");
  });

  it("is not put back where a person has submitted or removed it", async () => {
    const { work, pressed } = await interrupted([SILENCE, SILENCE]);
    expect(await putBack(work)).toBe(true);
    expect(pressed.filter((keys) => keys.includes("paste:my draft"))).toEqual([]);
  });

  it("is waited for where the page stands still: nothing is typed into it", async () => {
    const { work, pressed } = await interrupted([SILENCE, text("my draft"), text("my draft"), text("t")]);
    expect(await putBack(work)).toBe(true);
    expect(pressed.some((keys) => keys.includes(" x "))).toBe(false);
  });

  it("is one as well where the attempt ended before it was read again", async () => {
    const { work } = workOn({});
    work.expectedDraft = "my draft";
    work.hands.look = () => Promise.resolve({ ok: false, error: lost, isHandsOff: true, mayBePressed: true });
    expect(await fill(work)).toMatchObject({ kind: "handed_back" });
    expect(work.draft?.content.text).toBe("my draft");
    expect(work.isDraftBack).toBe(true);
  });

  it("gets its formatting back where only its text was known", async () => {
    const rich = { text: "my draft", flavors: { "text/html": "PGI+bXkgZHJhZnQ8L2I+" } };
    const { work } = workOn({ looks: [{ kind: "text", content: rich, ms: 5 }], pastes: [pasted(OWN)] });
    work.draft = draftOf("my draft");
    expect(await fill(work)).toBeNull();
    expect(work.draft?.content).toEqual(rich);
  });

  it("is no draft of a message that found the composer empty after that", async () => {
    const { work } = await interrupted([SILENCE], [pasted(OWN)]);
    expect(await fill(work)).toBeNull();
    expect(work.draft).toBeNull();
  });

  it("is not owed where the composer was proven empty, though the paste after that fails", async () => {
    const { work } = workOn({ looks: [SILENCE, SILENCE, text("x")] });
    work.draft = draftOf("my draft");
    work.isDraftBack = true;
    const records: string[] = [];
    work.attempt.record = ({ type }) => records.push(type);
    work.hands.pasteAndLook = () =>
      Promise.resolve({ ok: false, error: lost, isHandsOff: true, mayBePressed: true });
    expect(await fill(work)).toMatchObject({ kind: "handed_back" });
    expect(work.draft).toBeNull();
    expect(work.restoredDraft).toBeNull();
    expect(records).toContain("draft_restored");
  });

  it("stays owed where nobody saw that the composer was empty, and the paste fails", async () => {
    const { work } = workOn({ looks: [SILENCE, SILENCE, SILENCE] });
    work.draft = draftOf("my draft");
    work.isDraftBack = true;
    work.hands.pasteAndLook = () =>
      Promise.resolve({ ok: false, error: lost, isHandsOff: true, mayBePressed: true });
    expect(await fill(work)).toMatchObject({ kind: "handed_back" });
    expect(work.draft?.content.text).toBe("my draft");
  });

  it("is not owed where the attempt ended before any key of it", async () => {
    const { work } = workOn({});
    work.expectedDraft = "my draft";
    work.hands.look = () =>
      Promise.resolve({ ok: false, error: lost, isHandsOff: true, mayBePressed: false });
    expect(await fill(work)).toMatchObject({ kind: "handed_back" });
    expect(work.draft).toBeNull();
  });
});

it("no character is typed while an editor may hold all to be selected", async () => {
  const { work, pressed } = workOn({ looks: [text(OWN), text("o"), text(`${OWN}x`), text("x")] });
  work.isAllHeld = true;
  expect(await holdsNow(work, 100)).toMatchObject({ ok: true, holds: "text" });
  expect(pressed.slice(0, 3)).toEqual([
    "Ctrl+End Shift+Left Ctrl+C",
    "Ctrl+End Shift+Left Ctrl+C",
    "Ctrl+End x Ctrl+A Ctrl+C",
  ]);
});

it.each([
  ["q", "other"],
  ["", "nothing"],
])("a control that is on record and never came to %j is typed again", async (before, holds) => {
  const { work } = workOn({});
  let held = before;
  work.hands.look = ({ select }) => {
    if (select.includes("x")) held += "x";
    const copied = select.includes("Shift+Left") ? held.slice(-1) : held;
    return Promise.resolve({ ok: true, look: copied === "" ? SILENCE : text(copied) });
  };
  work.isMarkLeft = true;
  work.isMarkFromBefore = true;
  expect(await holdsNow(work, 100)).toMatchObject({ ok: true, holds });
  expect(held).toBe(`${before}x`);
});

describe("a rich field that gives line breaks back as two", () => {
  const wide = "one\n\n\n\ntwo";

  it("is asked for half as many at once where it is known to be one", async () => {
    const { work, pressed } = workOn({ looks: [SILENCE, text("o")], pastes: [pasted(wide)] });
    work.draft = draftOf(wide);
    work.isWidening = true;
    work.mayBeEntered = true;
    expect(await putBack(work)).toBe(true);
    expect(pressed.filter((keys) => keys.includes("paste:"))).toEqual(["Ctrl+A paste:one\n\ntwo"]);
  });

  it("is known by what it gives back of a message", async () => {
    const own = `${OWN}\nsecond line`;
    const work = scriptedWork({ looks: [], pastes: [pasted(own.replace("\n", "\n\n"))], pressed: [] }, own);
    expect(await fill(work)).toBeNull();
    expect(work.isWidening).toBe(true);
  });

  it("is asked again where a page that stood still has pasted its own copy, twice as wide", async () => {
    const wider = `one${"\n".repeat(8)}two`;
    const pastes = [pasted(wider), pasted(wide)];
    const { work } = workOn({ looks: [SILENCE, text(wider), text("o")], pastes });
    work.draft = draftOf(wide);
    work.isWidening = true;
    work.mayBeEntered = true;
    expect(await putBack(work)).toBe(true);
    expect(pastes).toEqual([]);
  });

  it("gets all line breaks where it gave back fewer", async () => {
    const { work, pressed } = workOn({
      looks: [SILENCE, text("o")],
      pastes: [pasted("one\n\ntwo"), pasted(wide)],
    });
    work.draft = draftOf(wide);
    work.isWidening = true;
    work.mayBeEntered = true;
    expect(await putBack(work)).toBe(true);
    expect(pressed.at(-2)).toBe("Ctrl+End Shift+Left Ctrl+C");
    expect(pressed.filter((keys) => keys.includes("paste:"))).toHaveLength(2);
  });
});

it("a message to somebody else that another page answered for this one is not taken for what stands here", async () => {
  const other = "[#msg_20260101_000000_0000beef from Captain] hello to another";
  const { work } = workOn({
    looks: [text(`their draft${other}`), text("my draft")],
    pastes: [pasted(`my draft${OWN}`), pasted(OWN)],
  });
  const again = { ...work, attempt: { ...work.attempt, recentTexts: [other] } };
  expect(await fill(again)).toBeNull();
  expect(again.draft?.content.text).toBe("my draft");
  expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["my draft"]);
});

it("a message to somebody else is taken out of a composer, and lies on disk in case a person has quoted it", async () => {
  const other = "[#msg_20260101_000000_0000beef from Captain] hello to another";
  const { work } = workOn({ looks: [text(`see ${other}`)], pastes: [pasted(OWN)] });
  const recentTexts = [other];
  const again = { ...work, attempt: { ...work.attempt, recentTexts } };
  expect(await fill(again)).toBeNull();
  expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual([`see ${other}`, "see"]);
});

describe("what another program copied, and was gone before it could be read", () => {
  const missing = (idleMs: number) => {
    const looks = [text("my draft")];
    const { work } = workOn({ looks, pastes: [pasted("my draftcopied elsewhere"), pasted("my draft")] });
    work.hands.copiedByOthers = () => Promise.resolve({ texts: [], isMissing: true, beforeKill: [] });
    work.hands.untouchedMs = () => Promise.resolve(idleMs);
    return { work, looks };
  };

  it("is taken out again where nobody has touched the desktop since the draft was seen alone", async () => {
    const { work, looks } = missing(60_000);
    expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "clipboard_busy" } });
    looks.push(text("copied elsewhere"), text("t"));
    expect(await putBack(work)).toBe(true);
    expect(work.drafts.map((draft) => JSON.parse(draft).text)).toEqual(["my draft", "copied elsewhere"]);
  });

  it("is a person's where somebody has", async () => {
    const { work } = missing(0);
    expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
  });
});

it("what another program copied and a page pasted is no draft when the page tells of it late", async () => {
  const { work } = workOn({}, [COPIED]);
  await keepLate(work, [COPIED]);
  expect(work.drafts).toEqual([]);
});

it("the last character of a message, copied late, is no draft", async () => {
  const { work } = workOn({});
  await keepLate(work, ["o"]);
  expect(work.drafts).toEqual([]);
  await keepLate(work, ["x"]);
  expect(work.drafts).toEqual([]);
  await keepLate(work, ["o", "my draft"]);
  expect(work.draft?.content.text).toBe("my draft");
});

it("a text of ours beside a draft that is found late is no part of the draft", async () => {
  const { work } = workOn({});
  expect(keepDraft(work, { text: `my draft${OWN}`, flavors: {} })).toBeNull();
  expect(work.draft?.content.text).toBe("my draft");
});
