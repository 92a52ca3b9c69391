/** Reading and filling the composer of the aimed window through the clipboard that we own. */
import type {
  Content,
  Guarded,
  Look,
  LookKeys,
  Overtaken,
  PasteKeys,
  PasteLook,
  Refusal,
} from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import type { Aim } from "./aim.ts";
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { type Ear, listen } from "./ear.ts";
import { type Keyboard, pressChords } from "./keyboard.ts";
import { type Copies, openCopies } from "./open-copies.ts";
import { untilAbove, untilQuiet } from "./quiet.ts";
import { interpret } from "./reading.ts";

/** How often a look is repeated because another program took the clipboard in the middle. */
const VANDAL_LIMIT = 5;
const AGAIN_MS = 1_000;
/** Where the first answer can be one to an earlier copy, the next is waited for so long: in milliseconds, and times the first. */
const NEXT_FLOOR_MS = 300;
const NEXT_FACTOR = 2;
/** Between two answers of a page that has much to answer at once, and for how long such pages are waited for. In milliseconds. */
const BURST_MS = 80;
const BURSTS_MS = 1_000;
/** So much of the beginning of a text tells that it was pasted. */
const SHOWN_CHARACTERS = 24;

export interface ComposerReader {
  look(aim: Aim, keys: LookKeys, patienceMs: number): Promise<Guarded<{ readonly look: Look }>>;
  pasteAndLook(aim: Aim, content: Content, keys: PasteKeys, patienceMs: number): Promise<Guarded<PasteLook>>;
  press(aim: Aim, chords: readonly string[]): Promise<Guarded<object>>;
}

export function composerReader(
  x: XConnection,
  clipboard: X11Clipboard,
  keyboard: Keyboard,
  copies: Copies,
): ComposerReader {
  const { leaveOpen, leavePasteOpen, pasteDone, answered, heardOne, mayBeOthers, isAnsweredLate } =
    openCopies(x, clipboard, copies);
  const onCopied = (owner: WindowId) => {
    copies.by = owner;
  };

  /** Null: `isAllowed` was false right before, and nothing was pressed. */
  const pressIf = async (
    aim: Aim,
    chords: readonly string[],
    isAllowed: () => boolean,
    onSent: () => void,
  ): Promise<Guarded<object> | null> => {
    const codes = chords.map((chord) => keyboard.codes(chord));
    let isPressed = false;
    const pressed = await aim.guarded(() => {
      if (!isAllowed()) return;
      isPressed = true;
      pressChords(x, codes);
      onSent();
    });
    return pressed.ok && !isPressed ? null : pressed;
  };

  /** Presses the keys and hears what the target says; "vandal": another program took the clipboard before or meanwhile. */
  const pressAndHear = async (
    aim: Aim,
    chords: readonly string[],
    patienceMs: number,
  ): Promise<
    Refusal | { readonly ok: true; readonly look: Look | "vandal"; readonly isPressed: boolean }
  > => {
    const ear = listen(x, clipboard, aim, onCopied);
    try {
      // A copy would overwrite what somebody else has just put there.
      const isFree = () => !clipboard.isTakenByOthers((owner) => x.isSameClient(owner, aim.window));
      const pressed = await pressIf(aim, chords, isFree, ear.keysSent);
      if (pressed === null) return { ok: true, look: "vandal", isPressed: false };
      if (!pressed.ok) return pressed;
      const heard = await ear.answer(1, patienceMs);
      // An answer to a copy from before leaves this one open, and so does another program's.
      if (heard.kind !== "answer" || copies.open !== null) leaveOpen(aim);
      const look = await interpret(x, clipboard, aim, heard, true);
      return aim.focusLost() ?? { ok: true, look, isPressed: true };
    } finally {
      ear.stop();
    }
  };

  const look: ComposerReader["look"] = async (aim, keys, patienceMs) => {
    let select = keys.select;
    // The answer may be one to a copy that was given up, of this page or another. What comes twice in a row is not.
    // Those of a page that goes on after a standstill come in one burst.
    const isOthers = mayBeOthers(aim);
    const isDoubtful = copies.open !== null || isOthers;
    let last: string | null = null;
    let asked = 0;
    const takesBefore = clipboard.takesOf(aim.window);
    for (let tries = 0; tries < VANDAL_LIMIT; tries++) {
      if (isOthers) await untilQuiet(clipboard, BURST_MS, BURSTS_MS);
      await clipboard.offer(null);
      const after = keys.collapse ? [keys.collapse.by] : [];
      const result = await pressAndHear(aim, [...select, keys.copy, ...after], patienceMs);
      if (!result.ok) return asked > 0 ? { ...result, mayBePressed: true } : result;
      // The keys that select may do more than that, and are pressed once.
      if (result.isPressed) select = keys.collapse?.again ?? [];
      if (result.isPressed) asked += 1;
      if (result.look === "vandal") continue;
      const isNewest = isAnswerTo(keys, result.look);
      const isSure = isNewest || (last !== null && textIn(result.look) === last);
      // Where it was asked again, one answer was to the copy from before, and the newest is still to be answered.
      if (isSure && isDoubtful && asked > 1) {
        const limitMs = Math.max(NEXT_FLOOR_MS, result.look.ms * NEXT_FACTOR);
        await untilAbove(clipboard, () => clipboard.takesOf(aim.window), takesBefore + asked, limitMs);
      }
      if (isSure) answered(aim);
      if (isSure || !isDoubtful || result.look.kind === "silence") return { ok: true, look: result.look };
      last = textIn(result.look);
    }
    return clipboardBusy(aim);
  };

  /** The answer to an earlier copy came before the keys were pressed. */
  const answeredBefore = async (aim: Aim): Promise<Guarded<PasteLook>> => {
    const isOthers = mayBeOthers(aim);
    leaveOpen(aim);
    const look = await interpret(x, clipboard, aim, { kind: "answer", ms: 0 }, true);
    const held = look !== "vandal" && look.kind === "text" && !isOthers ? look.content : null;
    return (
      aim.focusLost() ?? { ok: true, look: { kind: "silence", ms: 0 }, isTaken: false, overtaken: { held } }
    );
  };

  /** The answer to the copy behind the paste; to an earlier one first, where one is open and the paste came too late. */
  const hearPasted = async (
    aim: Aim,
    ear: Ear,
    content: Content,
    keys: PasteKeys,
    patienceMs: number,
  ): Promise<{ readonly look: Look | "vandal"; readonly overtaken: Overtaken | null }> => {
    const isOthers = mayBeOthers(aim);
    const isDoubtful = copies.open !== null || isOthers;
    const heard = await ear.answer(1, patienceMs);
    const first = await interpret(x, clipboard, aim, heard, isDoubtful);
    if (first === "vandal" || first.kind === "silence") {
      leavePasteOpen(aim, heard.ms);
      return { look: first, overtaken: null };
    }
    const isPasted = (read: string) => isShown(content, read, keys.before === keys.selectAll);
    if (isPasted(first.content.text)) {
      // A draft that is put back has stood there before: the answer may be one to an earlier copy of it.
      if (keys.isNew || !isDoubtful) answered(aim);
      else heardOne();
      return { look: first, overtaken: null };
    }
    if (!isDoubtful) return { look: first, overtaken: null };
    const isFirst = ear.answers() === 1;
    const next = await ear.answer(2, Math.max(NEXT_FLOOR_MS, first.ms * NEXT_FACTOR));
    if (next.kind === "silence") {
      leavePasteOpen(aim, next.ms);
      return { look: first, overtaken: null };
    }
    leaveOpen(aim);
    const look = await interpret(x, clipboard, aim, next, true);
    return { look, overtaken: { held: isFirst && !isOthers ? first.content : null } };
  };

  const reader: ComposerReader = {
    press: (aim, chords) =>
      aim.guarded(() =>
        pressChords(
          x,
          chords.map((chord) => keyboard.codes(chord)),
        ),
      ),
    look,
    async pasteAndLook(aim, content, keys, patienceMs) {
      const last = await pasteDone(aim, patienceMs);
      if (last === "late") return answeredBefore(aim);
      if (last === "owed") return pasteOwed(aim);
      await clipboard.offer(content);
      const ear = listen(x, clipboard, aim, onCopied);
      try {
        const chords = [keys.before, keys.paste, keys.selectAll, keys.copy, ...(keys.after ?? [])];
        const isStillOurs = () => clipboard.isOwner && !isAnsweredLate();
        const pressed = await pressIf(aim, chords, isStillOurs, ear.keysSent);
        if (pressed === null) return answeredBefore(aim);
        if (!pressed.ok) return pressed;
        const { look, overtaken } = await hearPasted(aim, ear, content, keys, patienceMs);
        const lost = aim.focusLost();
        if (lost) return lost;
        const isTaken = ear.isTaken();
        if (look !== "vandal") return { ok: true, look, isTaken, overtaken };
        const lookKeys = { select: [keys.selectAll], copy: keys.copy };
        const again = await reader.look(aim, lookKeys, Math.min(patienceMs, AGAIN_MS));
        return again.ok ? { ok: true, look: again.look, isTaken, overtaken } : again;
      } finally {
        ear.stop();
      }
    },
  };
  return reader;
}

function textIn(look: Look): string | null {
  return look.kind === "text" ? look.content.text : null;
}

function isAnswerTo({ lastCharacter }: LookKeys, look: Look): boolean {
  return (
    lastCharacter !== undefined && look.kind === "text" && look.content.text.trimEnd().endsWith(lastCharacter)
  );
}

/** In place of all it stands alone; else enough is read to know it by: it begins with a header of its own. */
function isShown(content: Content, read: string, isAlone: boolean): boolean {
  const [wanted, all] = [withoutBlanks(content.text), withoutBlanks(read)];
  return isAlone ? all === wanted : all.includes(wanted.slice(0, SHOWN_CHARACTERS));
}

/** Rich editors give other line breaks back. */
function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, "");
}

function pasteOwed(aim: Aim): Refusal {
  const refusal = refuse(
    "composer_not_found",
    `the window "${aim.title}" has shown nothing yet of what was pasted into it last`,
    "it may stand still, or be very slow: nothing more is pasted until it has answered; the message is tried again by itself",
  );
  return { ...refusal, mayBePressed: false };
}

function clipboardBusy(aim: Aim): Refusal {
  return refuse(
    "clipboard_busy",
    `another program kept taking the clipboard while the composer of "${aim.title}" was being read`,
    "close clipboard managers that rewrite it; the message is tried again by itself",
  );
}
