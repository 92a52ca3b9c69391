/** The body of a message as it may be accepted. */
import { type CleanBody, cleanBody } from "../domain/message.ts";
import { usageError } from "./failure.ts";

/** Without control characters, of which it says how many there were. Throws SwarmError (2) when nothing is left, or too much. */
export function checkedBody(text: string, maxBytes: number, emptyHint: string): CleanBody {
  const cleaned = cleanBody(text);
  const { body } = cleaned;
  if (body.trim() === "") throw usageError("the message is empty; nothing was queued", emptyHint);
  if (/\p{Surrogate}/u.test(body))
    throw usageError(
      "the message has half a surrogate pair, which UTF-8 can't carry; nothing was queued",
      "send it without; it comes from a text that was cut in the middle of a character",
    );
  const bytes = Buffer.byteLength(body);
  if (bytes > maxBytes) throw tooLong(`${bytes} bytes`, maxBytes);
  return cleaned;
}

export function tooLong(what: string, maxBytes: number) {
  return usageError(
    `the message is too long (${what}; at most ${maxBytes} are allowed); nothing was queued`,
    "put the text into a file that the agent can read and send its path, or raise delivery.maxBytes in swarm.json",
  );
}

export function removedText(removed: number): string {
  return removed === 1
    ? "1 control character or sequence was removed from the text"
    : `${removed} control characters and sequences were removed from the text`;
}
