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
