import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Aim } from "../../../src/desktop/x11/aim.ts";
import type { ClipboardRequest, X11Clipboard } from "../../../src/desktop/x11/clipboard.ts";
import type { XConnection } from "../../../src/desktop/x11/connection.ts";
import { listen } from "../../../src/desktop/x11/ear.ts";

const TARGET = 7;
/** As the caller asks; and so long a page takes that has asked for the text, and is then stopped for 2 s four times. */
const PATIENCE_MS = 500;
const STANDS_STILL_MS = 8_500;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function ear() {
  let request: (request: ClipboardRequest) => void = () => undefined;
  let taken: (owner: number) => void = () => undefined;
  const clipboard: Pick<X11Clipboard, "onTaken" | "onRequest"> = {
    onTaken(listener) {
      taken = listener;
      return () => undefined;
    },
    onRequest(listener) {
      request = listener;
      return () => undefined;
    },
  };
  const x: Pick<XConnection, "isSameClient"> = { isSameClient: (a, b) => a === b };
  const aim: Pick<Aim, "window"> = { window: TARGET };
  const heard = listen(x as XConnection, clipboard as X11Clipboard, aim as Aim, () => undefined);
  heard.keysSent();
  return {
    heard,
    asks: () => request({ requestor: TARGET, isText: true }),
    answers: () => taken(TARGET),
  };
}

it("waits for a page that has asked for the text, though it stands still for seconds then", async () => {
  const { heard, asks, answers } = ear();
  asks();
  const answer = heard.answer(1, PATIENCE_MS);
  await vi.advanceTimersByTimeAsync(STANDS_STILL_MS);
  answers();
  expect(await answer).toMatchObject({ kind: "answer", ms: STANDS_STILL_MS });
});

it("waits no longer than it was told for one that has not", async () => {
  const { heard } = ear();
  const answer = heard.answer(1, PATIENCE_MS);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(await answer).toMatchObject({ kind: "silence", ms: PATIENCE_MS });
});
