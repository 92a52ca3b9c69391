import type { Priority } from "../domain/message.ts";
import type { NewMessage } from "../ports/store.ts";

/** What is said with a message beside its text. */
export interface SendTerms {
  readonly priority: Priority;
  readonly sender: string;
  readonly raw: boolean;
  readonly key: string | null;
  /** Milliseconds from when it may be delivered, or null. */
  readonly expiresMs: number | null;
  /** Milliseconds since 1970 before which it is not delivered, or null. */
  readonly notBefore: number | null;
  readonly join: boolean;
}

/** What the store is to accept for one recipient. */
export function newMessage(
  recipient: string,
  body: string,
  terms: SendTerms,
  env: NodeJS.ProcessEnv,
): NewMessage {
  const { sender, priority, key, raw, join, expiresMs, notBefore } = terms;
  return {
    recipient,
    sender,
    priority,
    body,
    key,
    raw,
    display: env["DISPLAY"] || null,
    expiresAt: expiresMs === null ? null : (notBefore ?? Date.now()) + expiresMs,
    notBefore,
    join,
  };
}

/** One for each recipient, each so much later than the one before. */
export function staggered(
  recipients: readonly string[],
  body: string,
  terms: SendTerms,
  staggerMs: number,
  env: NodeJS.ProcessEnv,
): readonly NewMessage[] {
  const start = terms.notBefore ?? Date.now();
  return recipients.map((recipient, at) => {
    const notBefore = at * staggerMs === 0 ? terms.notBefore : start + at * staggerMs;
    return newMessage(recipient, body, { ...terms, notBefore }, env);
  });
}

/** Milliseconds until the last of them may be delivered. */
export function leadMs(messages: readonly NewMessage[], now: number): number {
  return Math.max(0, ...messages.map(({ notBefore }) => (notBefore ?? now) - now));
}
