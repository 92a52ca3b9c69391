/** The spool as a real process opens it. */
import { randomBytes } from "node:crypto";
import type { NewMessage, Spool } from "../../../src/ports/store.ts";
import { openSpool } from "../../../src/spool/spool.ts";

export function spoolOf(root: string): Spool {
  return openSpool({
    root,
    maxBytes: 1 << 20,
    clock: { now: Date.now },
    random: { hex: (bytes) => randomBytes(bytes).toString("hex") },
    archiveMs: 1e12,
  });
}

export function message(parts: Partial<NewMessage> = {}): NewMessage {
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

/** Says on standard output what a test reads as the program's result. */
export function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
