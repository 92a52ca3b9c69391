/** Entries of the worker's log, for people and for scripts. */
import type { LogEntry } from "../app/log-reader.ts";
import { STATUSES } from "../domain/status.ts";
import { iso } from "../library/message-json.ts";
import { length, oneLine, type Paint, paintStatus, wrapped } from "./render.ts";

/** Told in a sentence, or elsewhere on the line. */
const PLACED = ["recipient", "id", "code", "reason", "ms", "attempts"];
const INDENT = 16;

/** Two lines at most for each: what happened to whom, and why. Coloured after the breaking into lines. */
export function logView(entries: readonly LogEntry[], columns: number, paint: Paint): string {
  return entries.map((entry) => entryView(entry, columns, paint)).join("");
}

function entryView({ at, event, fields }: LogEntry, columns: number, paint: Paint): string {
  const { recipient, id, code, reason, ms } = fields;
  const others = Object.entries(fields).filter(([name]) => !PLACED.includes(name));
  const facts = [
    ...(recipient === undefined ? [] : [recipient]),
    ...(id === undefined ? [] : [id]),
    ...(ms === undefined ? [] : [`in ${length(Number(ms))}`]),
    ...(event === "put_off" ? [`attempt ${fields["attempts"]}`] : []),
    ...others.map(([name, value]) =>
      name === "next"
        ? `again at ${clock(Date.parse(value))}`
        : `${name} ${name === "since" ? clock(Date.parse(value)) : value}`,
    ),
  ].map(oneLine);
  const head = `${paint.faint(clock(at))}  ${painted(event, paint)}`;
  const cause = [code, reason].filter((text) => text !== undefined).join(": ");
  const indent = " ".repeat(INDENT);
  const facing = facts.length === 0 ? "" : `  ${facts.join("  ")}`;
  const why = cause === "" ? "" : `${wrapped(oneLine(cause), columns, indent, indent)}\n`;
  return `${head}${facing}\n${why}`;
}

function painted(event: string, paint: Paint): string {
  const status = STATUSES.find((known) => known === event);
  return status === undefined ? event : paintStatus(paint, status);
}

export function logJson({ at, event, fields }: LogEntry): Readonly<Record<string, unknown>> {
  return { ...fields, at: iso(at), event };
}

/** Day and time in the zone of whoever reads. */
function clock(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
