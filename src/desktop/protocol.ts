/** What the worker and the driver say to each other. */
import type { Hands } from "../ports/desktop.ts";

export type DriverCall =
  | {
      readonly id: number;
      readonly method: "acquire";
      readonly display: string | null;
      readonly purpose: string;
      readonly deadlineMs: number;
    }
  /** Ends a wait for the lock; `wait` is the id of that call. */
  | { readonly id: number; readonly method: "cancel"; readonly wait: number }
  | {
      readonly id: number;
      readonly method: "hands";
      readonly hands: number;
      readonly name: keyof Hands;
      readonly args: readonly unknown[];
    };

export type DriverReply =
  | { readonly id: number; readonly result: unknown }
  /** A bug in the driver; the text is its stack. */
  | { readonly id: number; readonly error: string };

/** Null when it is no reply: what has no number answers nobody. */
export function replyIn(said: unknown): DriverReply | null {
  return isNumbered(said) && ("result" in said || "error" in said) ? (said as DriverReply) : null;
}

/** Null when it is no call that could be answered. */
export function callIn(said: unknown): DriverCall | null {
  return isNumbered(said) && "method" in said ? (said as unknown as DriverCall) : null;
}

function isNumbered(said: unknown): said is { readonly id: number } {
  return typeof said === "object" && said !== null && "id" in said && Number.isInteger(said.id);
}
