/** The inbox transport: the inbox file is the delivery, and the engine has written and proven it before any transport is asked. */
import type { Outcome } from "../domain/outcome.ts";
import type { Attempt, Transport } from "../ports/transport.ts";

export function inboxTransport(): Transport {
  return { deliver: confirm, resume: confirm, close: () => Promise.resolve() };
}

function confirm({ message, state }: Attempt): Promise<Outcome> {
  if (state.evidence.includes("inbox_file")) return Promise.resolve({ kind: "confirmed" });
  const error = {
    code: "inbox_mismatch",
    message: `the inbox file of ${message.id} was not proven before the transport was asked`,
    hint: "please report this: it is a bug in swarm",
  } as const;
  return Promise.resolve({ kind: "deferred", error });
}
