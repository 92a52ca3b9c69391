/** One line at the bottom of the terminal that says how it goes, and is gone at the end. */
import { writeErr } from "./output.ts";
import { oneLine, shortened } from "./render.ts";

/** Nothing is drawn before: most commands are done by then. In milliseconds. */
const CALM_MS = 250;

export class Progress {
  #text = "";
  #isDrawn = false;
  #timer: NodeJS.Timeout | null = null;

  /** Draws nothing when `isAnimated` is false: standard error is no terminal, or nobody wants it. */
  constructor(isAnimated: boolean) {
    if (!isAnimated) return;
    this.#timer = setTimeout(() => this.#draw(), CALM_MS);
    this.#timer.unref();
  }

  show(text: string): void {
    this.#text = text;
    if (this.#isDrawn) this.#draw();
  }

  /** Removes the line. Call it before anything else is written. */
  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#isDrawn) writeErr("\r\u001b[K");
    this.#isDrawn = false;
  }

  #draw(): void {
    this.#isDrawn = true;
    const columns = process.stderr.columns ?? 80;
    writeErr(`\r\u001b[K${shortened(oneLine(this.#text), columns - 1)}`);
  }
}
