/**
 * Acknowledgements come from other processes than the one that writes to a message's file: each is a file of its own
 * in `acks`, named after the message. Readers put it behind the events; the archive takes it in, and the file goes.
 */
import type { Acknowledged } from "../domain/events.ts";
import { applyEvent } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { readFile } from "../support/regular-file.ts";
import { isSystemError } from "../support/system-error.ts";
import { parseEvent } from "./event-line.ts";
import type { Folders } from "./folders.ts";
import { eventLine, parseJson } from "./message-file.ts";

/** Durable when it returns; the first one stays. Throws the system's error. */
export function writeAcknowledgement(folders: Folders, id: string, event: Acknowledged): void {
  if (readAcknowledgement(folders, id)) return;
  writeAtomically(acknowledgementFile(folders, id), eventLine(event), { isSynced: true });
}

/** Null when there is none that can be read. */
function readAcknowledgement(folders: Folders, id: string): Acknowledged | null {
  try {
    const event = parseEvent(parseJson(readFile(acknowledgementFile(folders, id)).toString("utf8")));
    return event?.type === "acknowledged" ? event : null;
  } catch (cause) {
    if (isSystemError(cause)) return null;
    throw cause;
  }
}

export function acknowledgementFile(folders: Folders, id: string): string {
  return folders.of("acks", `${id}.json`);
}

/** The message with its acknowledgement, if it has one. */
export function withAcknowledgement(folders: Folders, stored: StoredMessage): StoredMessage {
  const event = readAcknowledgement(folders, stored.message.id);
  if (!event || stored.events.some(({ type }) => type === "acknowledged")) return stored;
  const { updatedAt } = stored.state;
  const state = { ...applyEvent(stored.state, event), updatedAt: Math.max(updatedAt, event.at) };
  return { ...stored, events: [...stored.events, event], state };
}
