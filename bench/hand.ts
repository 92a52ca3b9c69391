/** A hand that types without looking: click, copy, paste, read back once, Enter. It has no checks and puts nothing back. */
import { openClipboard, type X11Clipboard } from "../src/desktop/x11/clipboard.ts";
import { connectX11 } from "../src/desktop/x11/connection.ts";
import { pointAt, pressChords, readKeyboard } from "../src/desktop/x11/keyboard.ts";
import type { Point } from "../src/domain/agent.ts";
import { sleep } from "./workshop.ts";

export interface Hand {
  /** Waits for nothing but the answer that it reads back. Resolves when Enter was sent; milliseconds. */
  typeAt(point: Point, text: string): Promise<number>;
  /** The same with the usual sleeps in place of the read-back's answer. */
  typeBlindlyAt(point: Point, text: string): Promise<number>;
  close(): void;
}

/** After the click, the copy, the clipboard, the paste, the read-back and Enter; in milliseconds. */
const USUAL_SLEEPS = [200, 500, 200, 300, 500, 500] as const;
const ANSWER_MS = 5_000;
const READ_MS = 2_000;

export async function openHand(display: string): Promise<Hand> {
  const x = await connectX11(display, () => undefined);
  const clipboard = await openClipboard(x);
  const keyboard = await readKeyboard(x);
  const press = (...chords: readonly string[]) =>
    pressChords(
      x,
      chords.map((chord) => keyboard.codes(chord)),
    );
  const type = async (point: Point, text: string, pauses: readonly number[]) => {
    const startedAt = performance.now();
    const pause = async (step: number) => {
      const ms = pauses[step];
      await (ms === undefined ? x.sync() : sleep(ms));
    };
    pointAt(x, point, true);
    await pause(0);
    press("Ctrl+A", "Ctrl+C");
    await pause(1);
    await clipboard.offer({ text, flavors: {} });
    await pause(2);
    press("Ctrl+V");
    await pause(3);
    const answer = answered(clipboard);
    press("Ctrl+A", "Ctrl+C");
    if (pauses.length === 0) await answer;
    else await pause(4);
    await clipboard.read(READ_MS);
    press("Ctrl+End", "Enter");
    await pause(5);
    return performance.now() - startedAt;
  };
  return {
    typeAt: (point, text) => type(point, text, []),
    typeBlindlyAt: (point, text) => type(point, text, USUAL_SLEEPS),
    close: () => x.close(),
  };
}

/** Resolves when another program takes the clipboard. */
function answered(clipboard: X11Clipboard): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("nothing was copied")), ANSWER_MS);
    const stop = clipboard.onTaken(() => {
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}
