/** Messages and states as tests need them. */
import { createHash } from "node:crypto";
import type { Message } from "../../src/domain/message.ts";
import { initialState, type MessageState } from "../../src/domain/status.ts";
import type { NewMessage, StoredMessage, Waiting } from "../../src/ports/store.ts";

export const ACCEPTED_AT = Date.parse("2026-01-02T03:04:05.678Z");

export function aMessage(parts: Partial<Message> = {}): Message {
  const body = parts.body ?? "Hello\nworld";
  return {
    id: "msg_20260102_030405_0123abcd",
    broadcastId: null,
    recipient: "Agent-1",
    sender: "Captain",
    priority: "normal",
    sha256: createHash("sha256").update(body).digest("hex"),
    key: null,
    raw: false,
    display: null,
    acceptedAt: ACCEPTED_AT,
    expiresAt: null,
    notBefore: null,
    join: false,
    ...parts,
    body,
  };
}

export function aNewMessage(parts: Partial<NewMessage> = {}): NewMessage {
  return {
    recipient: "Agent-1",
    sender: "Captain",
    priority: "normal",
    body: "Hello",
    key: null,
    raw: false,
    display: null,
    expiresAt: null,
    notBefore: null,
    join: false,
    ...parts,
  };
}

export function aState(parts: Partial<MessageState> = {}): MessageState {
  return { ...initialState(ACCEPTED_AT), ...parts };
}

export function stored(message: Partial<Message> = {}, state: Partial<MessageState> = {}): StoredMessage {
  return { message: aMessage(message), events: [], state: aState(state) };
}

/** `order` counts acceptances: the lower, the earlier. */
export function aWaiting(order: number, parts: Partial<Waiting> = {}): Waiting {
  const priority = parts.priority ?? "normal";
  const digit = { urgent: 0, high: 1, normal: 2 }[priority];
  return {
    id: `msg_20260102_030405_${String(order).padStart(8, "0")}`,
    recipient: "Agent-1",
    priority,
    order: `${digit}-${String(order).padStart(16, "0")}`,
    expiresAt: null,
    notBefore: null,
    ...parts,
  };
}
