/** Why something on the desktop was refused, as values that carry their remedy. */
import type { ErrorCode } from "../domain/errors.ts";
import type { Refusal } from "../ports/desktop.ts";

/** Refused; the attempt may still put things back. */
export function refuse(code: ErrorCode, message: string, hint: string): Refusal {
  return { ok: false, error: { code, message, hint }, isHandsOff: false, mayBePressed: true };
}

/** Nothing is put into a clipboard whose text can't be read: it could not be put back. */
export function clipboardSilent(): Refusal {
  return refuse(
    "clipboard_busy",
    "the program that holds the clipboard does not answer, so what is in it could not be put back",
    "nothing was touched; close or restart that program, or copy something else; the message is tried again by itself",
  );
}

/** Refused, and no further input event may be made in this attempt. */
export function handsOff(code: ErrorCode, message: string, hint: string): Refusal {
  return { ok: false, error: { code, message, hint }, isHandsOff: true, mayBePressed: true };
}
