/** What the target says to our keys: that it asked for the text, and that it took the clipboard with a copy. */
import type { Aim } from "./aim.ts";
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId, XConnection } from "./connection.ts";

/** Once the text was asked for, the copy right behind it is answered within this many times as long, or not at all. */
const ANSWER_FACTOR = 4;
const ANSWER_FLOOR_MS = 9_000;

export type Heard =
  | { readonly kind: "answer" | "vandal"; readonly ms: number }
  | { readonly kind: "silence"; readonly ms: number };

export interface Ear {
  keysSent(): void;
  /** The target asked for the text. */
  isTaken(): boolean;
  /** How often the clipboard was taken since the keys were sent. */
  answers(): number;
  /** The n-th taking of the clipboard since then. */
  answer(nth: number, patienceMs: number): Promise<Heard>;
  stop(): void;
}

/** Listens from before the keys are pressed, so that no answer is missed. */
export function listen(
  x: XConnection,
  clipboard: X11Clipboard,
  aim: Aim,
  onCopied: (owner: WindowId) => void,
): Ear {
  let sentAt: number | null = null;
  let takenMs: number | null = null;
  let wake: () => void = () => undefined;
  const heard: Heard[] = [];
  const elapsedMs = () => performance.now() - (sentAt ?? performance.now());
  const stopTaken = clipboard.onTaken((owner) => {
    if (sentAt === null) return;
    const isTarget = x.isSameClient(owner, aim.window);
    if (isTarget) onCopied(owner);
    heard.push({ kind: isTarget ? "answer" : "vandal", ms: elapsedMs() });
    wake();
  });
  const stopRequests = clipboard.onRequest((request) => {
    if (sentAt === null || !request.isText || !x.isSameClient(request.requestor, aim.window)) return;
    takenMs ??= elapsedMs();
    wake();
  });
  const changed = (timeoutMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    isTaken: () => takenMs !== null,
    answers: () => heard.length,
    keysSent: () => {
      sentAt = performance.now();
    },
    async answer(nth, patienceMs) {
      const until = performance.now() + patienceMs;
      for (;;) {
        const found = heard[nth - 1];
        if (found) return found;
        const leftMs = takenMs === null ? until - performance.now() : answerMs(takenMs) - elapsedMs();
        if (leftMs <= 0) return { kind: "silence", ms: elapsedMs() };
        await changed(leftMs);
      }
    },
    stop() {
      wake();
      stopTaken();
      stopRequests();
    },
  };
}

function answerMs(takenMs: number): number {
  return takenMs + Math.max(ANSWER_FLOOR_MS, takenMs * ANSWER_FACTOR);
}
