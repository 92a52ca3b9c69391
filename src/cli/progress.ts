/** One line at the bottom of the terminal that says how it goes, and is gone at the end. */
import { terminalWidth, writeErr } from "./output.ts";
import { oneLine, shortened } from "./render.ts";

/** Nothing is drawn before: most commands are done by then. In milliseconds. */
const CALM_MS = 250;
const DRAW_EVERY_MS = 100;

export class Progress {
  readonly #describe: () => string;
  #drawn = "";
  #timer: NodeJS.Timeout | null = null;

  /** `describe` is asked a few times a second. Draws nothing when `isAnimated` is false: no terminal, or nobody wants it. */
  constructor(isAnimated: boolean, describe: () => string) {
    this.#describe = describe;
    if (isAnimated) this.#drawAfter(CALM_MS);
  }

  /** Removes the line. Call it before anything else is written. */
  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#drawn !== "") writeErr("\r\u001b[K");
    this.#drawn = "";
  }

  #drawAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#draw();
      this.#drawAfter(DRAW_EVERY_MS);
    }, ms);
    this.#timer.unref();
  }

  #draw(): void {
    const columns = terminalWidth("stderr");
    const text = shortened(oneLine(this.#describe()), columns - 1);
    if (text !== this.#drawn) writeErr(`\r\u001b[K${text}`);
    this.#drawn = text;
  }
}
