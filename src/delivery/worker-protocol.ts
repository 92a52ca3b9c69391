/**
 * What a worker and the programs that wait for it say to each other: one JSON object per line.
 *
 *   to the worker     {"op":"hint"}   {"op":"watch","ids":[…]}   {"op":"who"}
 *   from the worker   {"op":"event","id":…,"state":{…}}   {"op":"worker","pid":…}
 */
import { type MessageState, STATUSES } from "../domain/status.ts";

export type Request =
  /** Something was put into the spool. */
  | { readonly op: "hint" }
  /** Tell me, from now on, what becomes of these; at once where they have ended already. */
  | { readonly op: "watch"; readonly ids: readonly string[] }
  | { readonly op: "who" };

export type Reply =
  | { readonly op: "event"; readonly id: string; readonly state: MessageState }
  | { readonly op: "worker"; readonly pid: number };

/** Longest line in characters: room for the ids of a broadcast to 100,000. */
const MAX_LINE = 4_000_000;

export function requestLine(request: Request): string {
  return `${JSON.stringify(request)}\n`;
}

export function replyLine(reply: Reply): string {
  return `${JSON.stringify(reply)}\n`;
}

/** Null when the line is no request. */
export function parseRequest(line: string): Request | null {
  const value = parseObject(line);
  switch (value?.["op"]) {
    case "hint":
    case "who":
      return { op: value["op"] };
    case "watch": {
      const ids: unknown = value["ids"];
      return Array.isArray(ids) && ids.every((id) => typeof id === "string") ? { op: "watch", ids } : null;
    }
    default:
      return null;
  }
}

/** Null when the line is no reply. The worker is of the same version: a state that has a status is believed. */
export function parseReply(line: string): Reply | null {
  const value = parseObject(line);
  const isEvent = value?.["op"] === "event" && typeof value["id"] === "string" && hasStatus(value["state"]);
  const isWorker = value?.["op"] === "worker" && Number.isInteger(value["pid"]);
  return isEvent || isWorker ? (value as unknown as Reply) : null;
}

function hasStatus(state: unknown): boolean {
  return (
    typeof state === "object" &&
    state !== null &&
    STATUSES.some((status) => "status" in state && state.status === status)
  );
}

/** Cuts a stream into lines. `push` gives the whole lines, or null when a line is too long to be one. */
export class LineSplitter {
  #rest = "";

  push(chunk: string): readonly string[] | null {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    return this.#rest.length > MAX_LINE ? null : lines;
  }
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
