import type { Priority } from "../domain/message.ts";
import type { NewMessage } from "../ports/store.ts";

/** What is said with a message beside its text. */
export interface SendTerms {
  readonly priority: Priority;
  readonly sender: string;
  readonly raw: boolean;
  readonly key: string | null;
  /** Milliseconds from acceptance, or null. */
  readonly expiresMs: number | null;
}

/** What the store is to accept for one recipient. */
export function newMessage(
  recipient: string,
  body: string,
  terms: SendTerms,
  env: NodeJS.ProcessEnv,
): NewMessage {
  const { sender, priority, key, raw, expiresMs } = terms;
  return {
    recipient,
    sender,
    priority,
    body,
    key,
    raw,
    display: env["DISPLAY"] || null,
    expiresAt: expiresMs === null ? null : Date.now() + expiresMs,
  };
}
