/** SHA-256 without node's `crypto` for short texts: loading that takes 2 ms of every `send`. */
import { sha256 as portable } from "@noble/hashes/sha2.js";

/** Longer texts are worth loading the system's own. In characters. */
const SHORT = 16_384;

/** Hex SHA-256 of the text's UTF-8 bytes. */
export function sha256(text: string): string {
  const crypto = text.length > SHORT ? process.getBuiltinModule("node:crypto") : null;
  if (crypto) return crypto.createHash("sha256").update(text, "utf8").digest("hex");
  return Buffer.from(portable(Buffer.from(text, "utf8"))).toString("hex");
}
