/** A screen that is drawn over and over: beside what was on the terminal, without flicker, and gone at the end. */
import { terminalHeight, writeOut } from "./output.ts";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const REST_OF_LINE = "\u001b[K";
const REST_OF_SCREEN = "\u001b[J";
/** Terminals that know them show the frame when it is whole; others pass over them. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";

export class LiveScreen {
  #isOpen = false;

  /** Lines that are no longer than the terminal is wide; those beyond its height are left out, the last ones first. */
  draw(text: string): void {
    const start = this.#isOpen ? "" : ENTER;
    this.#isOpen = true;
    const lines = text.trimEnd().split("\n").slice(0, terminalHeight());
    const drawn = lines.map((line) => `${line}${REST_OF_LINE}`).join("\r\n");
    writeOut(`${start}${BEGIN_FRAME}${HOME}${drawn}${REST_OF_SCREEN}${END_FRAME}`);
  }

  end(): void {
    if (this.#isOpen) writeOut(LEAVE);
    this.#isOpen = false;
  }
}
