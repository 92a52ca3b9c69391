import type { NewMessage } from "../src/ports/store.ts";

export function newMessages(recipients: readonly string[]): readonly NewMessage[] {
  return recipients.map((recipient, i) => ({
    recipient,
    sender: "bench",
    priority: "normal",
    body: `message ${i + 1}: please rebase, run the tests, and tell Captain what you found`,
    key: null,
    raw: false,
    display: null,
    expiresAt: null,
    notBefore: null,
    join: false,
  }));
}
