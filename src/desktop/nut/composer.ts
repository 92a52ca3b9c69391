/**
 * Reading and filling the composer through the system's clipboard, whose changes can only be polled for.
 *
 *   look:  a fresh sentinel in the clipboard, select, copy, poll until the clipboard holds something else. Who put that
 *          there is not known: a text is believed when two such rounds in a row give the same.
 *   paste: the text in the clipboard, paste, then the last character copied. That changes the clipboard only after the
 *          paste was handled, so only then is the clipboard written again (for the look that follows).
 *          A page that is left alone with a paste in its queue would paste what is in the clipboard by then.
 *
 * Texts come without their other kinds: a formatted draft is put back as plain text.
 */

import { hasOneCharacter, lastCharacterKeys } from "../../domain/last-character.ts";
import type {
  Content,
  Guarded,
  KeyChord,
  Look,
  LookKeys,
  PasteKeys,
  PasteLook,
  Refusal,
} from "../../ports/desktop.ts";
import type { Aim } from "./aim.ts";
import { clipboardBusy, type NutClipboard, sameLines } from "./clipboard.ts";
import { type NutDesk, pause } from "./nut-desk.ts";
import { OpenCopy } from "./open-copy.ts";
import { heldBefore, isTail } from "./tail.ts";

/** Rounds until two in a row must have given the same. */
const ROUNDS = 5;
const LOOK_EVERY_MS = 5;
/** Silence never counts sooner: the programs that read the clipboard take their time. */
const SILENCE_FLOOR_MS = 400;
/** Waited for a further answer, in multiples of the time that the last one took. */
const ANSWER_FACTOR = 3;

/** What came into the clipboard in place of what was held there; null: nothing in time. */
interface Heard {
  readonly text: string | null;
  readonly ms: number;
}

/** `isAnswered`: keys were handled there; `isTaken`: the paste was among them. */
interface Taken {
  readonly isTaken: boolean;
  readonly isAnswered: boolean;
  /** What came before: the answer to a copy from before the paste. */
  readonly early: string | null;
}

/** Presses keys and polls the clipboard for what they bring. `newSentinel` gives a text that is in no composer. */
export class NutComposer {
  readonly #desk: NutDesk;
  readonly #clipboard: NutClipboard;
  readonly #newSentinel: () => string;
  readonly openCopy = new OpenCopy();

  constructor(desk: NutDesk, clipboard: NutClipboard, newSentinel: () => string) {
    this.#desk = desk;
    this.#clipboard = clipboard;
    this.#newSentinel = newSentinel;
  }

  /** Refused: the last chord was not pressed. */
  press(aim: Aim, chords: readonly KeyChord[]): Promise<Guarded<object>> {
    return aim.guarded(async () => {
      for (const [index, chord] of chords.entries()) {
        const lost = index === 0 ? null : await aim.seeFocus();
        if (lost) return lost;
        await this.#desk.calls.press(chord);
      }
      return null;
    });
  }

  async look(aim: Aim, keys: LookKeys, patienceMs: number): Promise<Guarded<{ readonly look: Look }>> {
    const waitMs = Math.max(patienceMs, SILENCE_FLOOR_MS);
    let last: string | null = null;
    for (let round = 0; round < ROUNDS; round++) {
      // What is selected stays so: the keys that select may do more than that, and are pressed once.
      const chords = round === 0 ? [...keys.select, keys.copy] : [keys.copy];
      const heard = await this.#readOnce(aim, chords, waitMs);
      if (!heard.ok) return heard;
      const { text, ms } = heard;
      if (text === null && last === null) return { ok: true, look: { kind: "silence", ms } };
      if (text !== null && text === last) {
        this.openCopy.believed();
        return { ok: true, look: textLook(text, ms) };
      }
      last = text;
    }
    return clipboardBusy(aim.title);
  }

  async pasteAndLook(
    aim: Aim,
    content: Content,
    keys: PasteKeys,
    patienceMs: number,
  ): Promise<Guarded<PasteLook>> {
    const unwritten = await this.#putFor(aim, content.text);
    if (unwritten) return unwritten;
    const { clock } = this.#desk;
    const startedAt = clock.monotonic();
    const taken = hasOneCharacter(content.text)
      ? await this.#pasteTwiceAndHear(aim, content, keys, patienceMs)
      : await this.#pasteAndHear(aim, content, keys, patienceMs);
    if (!taken.ok) return taken;
    const ms = clock.monotonic() - startedAt;
    const { isTaken } = taken;
    if (isTaken) this.openCopy.believed();
    if (!taken.isAnswered) return { ok: true, look: { kind: "silence", ms }, isTaken, overtaken: null };
    const leftMs = startedAt + patienceMs - clock.monotonic();
    const waitMs = Math.max(SILENCE_FLOOR_MS, isTaken ? leftMs : Math.min(leftMs, ms * ANSWER_FACTOR));
    const first = await this.#readOnce(aim, [keys.selectAll, keys.copy], waitMs);
    if (!first.ok) return first;
    if (first.text !== null && sameLines(first.text, content.text)) {
      this.openCopy.believed();
      const pressed = await this.press(aim, keys.after ?? []);
      if (!pressed.ok) return pressed;
      return { ok: true, look: textLook(first.text, ms), isTaken: true, overtaken: null };
    }
    const again = await this.look(aim, { select: [keys.selectAll], copy: keys.copy }, waitMs);
    if (!again.ok) return again;
    // Something was pasted, and not the text: what a copy from before had brought into the clipboard by then.
    const now = again.look.kind === "text" ? again.look.content.text : null;
    if (now === null || shows(now, content.text) || !(isTaken || taken.early !== null))
      return { ok: true, look: again.look, isTaken, overtaken: null };
    const before = heldBefore(taken.early, now);
    const held = before === null ? null : { text: before, flavors: {} };
    return { ok: true, look: again.look, isTaken, overtaken: { held } };
  }

  /** Pastes, and copies the last character to hear when that was handled. */
  async #pasteAndHear(
    aim: Aim,
    content: Content,
    keys: PasteKeys,
    patienceMs: number,
  ): Promise<Guarded<Taken>> {
    const isPasted = (copied: string) => isTail(copied, content.text);
    const [usual, other] = lastCharacterKeys(content.text);
    this.openCopy.pressed(this.#desk.clock.monotonic());
    const pressed = await this.press(aim, [keys.before, keys.paste, usual, keys.copy]);
    if (!pressed.ok) return pressed;
    const heard = await this.#hearPasted(aim, content, isPasted, patienceMs / 2);
    if (!heard.ok || heard.isAnswered) return heard;
    const again = await this.press(aim, [other, keys.copy]);
    return again.ok ? this.#hearPasted(aim, content, isPasted, patienceMs / 2) : again;
  }

  /**
   * The same for a single character, which would copy itself, so that nothing would change in the clipboard: it is
   * pasted twice, all is copied, and one is taken out again.
   */
  async #pasteTwiceAndHear(
    aim: Aim,
    content: Content,
    keys: PasteKeys,
    patienceMs: number,
  ): Promise<Guarded<Taken>> {
    const chords = [keys.before, keys.paste, keys.paste, keys.selectAll, keys.copy];
    this.openCopy.pressed(this.#desk.clock.monotonic());
    const pressed = await this.press(aim, chords);
    if (!pressed.ok) return pressed;
    const isPasted = (copied: string) => copied.trimEnd().endsWith(content.text.repeat(2));
    const heard = await this.#hearPasted(aim, content, isPasted, patienceMs / 2);
    if (!heard.ok) return heard;
    // Where one of the two pastes was lost, the copy was of the character itself: what is there is looked at.
    if (!heard.isTaken) return { ok: true, isTaken: false, isAnswered: true, early: heard.early };
    const caretEnd = keys.before === keys.selectAll ? "Right" : keys.before;
    const erased = await this.press(aim, [caretEnd, "Backspace"]);
    return erased.ok ? heard : erased;
  }

  /** Waits until the clipboard shows by a copy that the content was pasted before it. */
  async #hearPasted(
    aim: Aim,
    content: Content,
    isPasted: (copied: string) => boolean,
    waitMs: number,
  ): Promise<Guarded<Taken>> {
    const { clock } = this.#desk;
    let until = clock.monotonic() + waitMs;
    let early: string | null = null;
    for (;;) {
      const leftMs = Math.max(0, until - clock.monotonic());
      const heard = await this.#hear(aim, (text) => sameLines(text, content.text), leftMs);
      if (!heard.ok) return heard;
      if (heard.text === null) return { ok: true, isTaken: false, isAnswered: early !== null, early };
      if (isPasted(heard.text)) return { ok: true, isTaken: true, isAnswered: true, early };
      // An answer to a copy from before the paste, or somebody else's text: the paste must find ours.
      this.openCopy.heard(heard.text);
      early ??= heard.text;
      if (!(await this.#clipboard.put(content.text))) return clipboardBusy(aim.title);
      const moreMs = Math.max(SILENCE_FLOOR_MS, heard.ms * ANSWER_FACTOR);
      until = Math.min(until, clock.monotonic() + moreMs);
    }
  }

  /**
   * Writes for keys that come next. Where they can't be pressed, the clipboard is left alone: a paste from before the
   * focus was lost may still be in the page's queue, and would be of this.
   */
  async #putFor(aim: Aim, text: string): Promise<Refusal | null> {
    const lost = await aim.seeFocus();
    return lost ?? ((await this.#clipboard.put(text)) ? null : clipboardBusy(aim.title));
  }

  async #readOnce(aim: Aim, keys: readonly KeyChord[], waitMs: number): Promise<Guarded<Heard>> {
    const sentinel = this.#newSentinel();
    const unwritten = await this.#putFor(aim, sentinel);
    if (unwritten) return unwritten;
    this.openCopy.pressed(this.#desk.clock.monotonic());
    const pressed = await this.press(aim, keys);
    if (!pressed.ok) return pressed;
    const heard = await this.#hear(aim, (text) => text === sentinel, waitMs);
    if (heard.ok && heard.text !== null) this.openCopy.heard(heard.text);
    return heard;
  }

  async #hear(aim: Aim, isHeld: (text: string) => boolean, waitMs: number): Promise<Guarded<Heard>> {
    const { clock } = this.#desk;
    const startedAt = clock.monotonic();
    for (;;) {
      const askedAt = clock.monotonic();
      const text = await this.#clipboard.read();
      const lost = await aim.seeFocus();
      // Empty for a moment while a program replaces what is there.
      const isNew = text !== null && text !== "" && !isHeld(text);
      if (isNew) this.#clipboard.provoked(text);
      if (lost) return lost;
      const ms = clock.monotonic() - startedAt;
      if (isNew) return { ok: true, text, ms };
      if (askedAt - startedAt >= waitMs) return { ok: true, text: null, ms };
      await pause(clock, LOOK_EVERY_MS);
    }
  }
}

function shows(whole: string, part: string): boolean {
  return whole.replace(/\s/g, "").includes(part.replace(/\s/g, ""));
}

function textLook(text: string, ms: number): Look {
  return { kind: "text", content: { text, flavors: {} }, ms };
}
