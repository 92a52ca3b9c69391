/**
 * The system's clipboard, through programs that may be slow, and that may hang. What swarm put there itself is known by
 * its hash, so that nothing that a person copied meanwhile is ever overwritten, also after a crash.
 */
import { createHash } from "node:crypto";
import type { Refusal } from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import type { NutDesk } from "./nut-desk.ts";
import { pollUntil } from "./nut-desk.ts";

const CALL_TIMEOUT_MS = 3_000;
const HOLD_TIMEOUT_MS = 1_500;
const LOOK_EVERY_MS = 5;

export interface NutClipboard {
  /** The text in it, empty for none; null when there was no answer in time. */
  read(): Promise<string | null>;
  /** Writes, and reads back until it is there; false when it does not stay there. */
  put(text: string): Promise<boolean>;
  /** Our keys made a program put this there. */
  provoked(text: string): void;
  /** True for what swarm put there, or had put there. */
  isOwn(text: string): boolean;
}

/** `onOwn` is told the hash of each text before it is put there; `own` are those of an earlier process. */
export function nutClipboard(
  { calls, clock }: NutDesk,
  onOwn: (hashes: readonly string[]) => void,
  own: readonly string[] = [],
): NutClipboard {
  const hashes = new Set(own);
  const mark = (text: string) => {
    const hash = hashOf(text);
    if (hashes.has(hash)) return;
    hashes.add(hash);
    onOwn([...hashes]);
  };
  const inTime = async <T>(answer: Promise<T>): Promise<T | null> => {
    const timeout = new Promise<null>((resolve) => {
      const cancel = clock.after(CALL_TIMEOUT_MS, () => resolve(null));
      answer.then(cancel, cancel);
    });
    // A failed call is no answer; whoever needs one says so.
    return Promise.race([answer.catch(() => null), timeout]);
  };
  const clipboard: NutClipboard = {
    read: () => inTime(calls.readClipboard()),
    async put(text) {
      mark(text);
      return pollUntil(clock, HOLD_TIMEOUT_MS, LOOK_EVERY_MS, async () => {
        await inTime(calls.writeClipboard(text));
        return sameLines(await clipboard.read(), text);
      });
    },
    provoked: mark,
    isOwn: (text) => hashes.has(hashOf(text)),
  };
  return clipboard;
}

/** What was put there for the window of this title did not stay. */
export function clipboardBusy(title: string): Refusal {
  return refuse(
    "clipboard_busy",
    `the clipboard did not keep what was put there while the composer of "${title}" was being read`,
    "close clipboard managers that rewrite it; the message is tried again by itself",
  );
}

/** Windows writes line breaks its own way. */
export function sameLines(a: string | null, b: string): boolean {
  return a !== null && unixLines(a) === unixLines(b);
}

export function unixLines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function hashOf(text: string): string {
  return createHash("sha256").update(unixLines(text)).digest("hex");
}
