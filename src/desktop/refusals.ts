/** Why something on the desktop was refused, as values that carry their remedy. */
import type { ErrorCode } from "../domain/errors.ts";
import type { Refusal } from "../ports/desktop.ts";

/** Refused; the attempt may still put things back. */
export function refuse(code: ErrorCode, message: string, hint: string): Refusal {
  return { ok: false, error: { code, message, hint }, isHandsOff: false };
}

/** Refused, and no further input event may be made in this attempt. */
export function handsOff(code: ErrorCode, message: string, hint: string): Refusal {
  return { ok: false, error: { code, message, hint }, isHandsOff: true };
}
