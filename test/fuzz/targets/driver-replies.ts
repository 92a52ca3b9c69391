/** What the process that types says to the worker; and calls that no worker makes. */
import { join } from "node:path";
import fc from "fast-check";
import { driverDesktop } from "../../../src/desktop/driver-client.ts";
import { callIn, replyIn } from "../../../src/desktop/protocol.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { type Json, mutatedJson } from "../mutated.ts";

const PROGRAM = join(import.meta.dirname, "../programs/rude-driver.js");
const REPLIES: readonly Json[] = [
  { id: 1, result: { ok: true, hands: 1, waitedMs: 0 } },
  { id: 1, result: { ok: false, error: { code: "desktop_unavailable", message: "m", hint: "h" } } },
  { id: 1, error: "a stack" },
  { id: 1, result: null },
];

export const driverReplies: Target = target("driver replies", 2, () => {
  const desktop = driverDesktop({ driverPath: PROGRAM, onOutput: () => undefined });
  return feeding({
    inputs: mutatedJson(fc.constantFrom(...REPLIES)).filter(isJson),
    async take(reply) {
      const value: unknown = JSON.parse(reply);
      for (const known of [replyIn(value), callIn(value)])
        if (known !== null && !Number.isInteger(known.id)) throw new Error("taken for an answer to nobody");
      // The program says this first, and then what is right. An answer that makes no sense fails the call, and nothing else.
      const acquired = await ended(desktop.acquire(null, reply, 5_000, new AbortController().signal));
      if (!(acquired instanceof Error) && acquired.ok) await ended(acquired.hands.windows());
    },
    close: () => desktop.close(),
  });
});

function ended<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))));
}

/** The channel carries values: text that is none can't come through it. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
