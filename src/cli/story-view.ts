/** The story of one message for people: every attempt with its steps, what was proven, why it ended, and what it waits for now. */
import type { Hold } from "../app/holds.ts";
import type { MessageEvent } from "../domain/events.ts";
import { EVIDENCE } from "../domain/evidence.ts";
import { type Fold, foldedStory, type Step, storyOf, type ToldAttempt } from "../domain/story.ts";
import type { StoredMessage } from "../ports/store.ts";
import { clock } from "./clock.ts";
import { counted, length, oneLine, type Paint, wrapped } from "./render.ts";
import { STEPS, stepText } from "./step-text.ts";

/** Of one attempt; before more, the middle ones are only counted. */
const MOST_STEPS = 20;
const FIRST_STEPS = 10;
const LAST_STEPS = 8;
/** `    +999 ms  ✓ `: where the name of a step begins. */
const STEP_INDENT = 15;
const INDENT = "  ";
const PROVEN = "✓";

/** A line, or several: text of the width that fits, coloured after that. */
type Line = string;

/** `hold`: what it waits for, null when it has ended. `now` in milliseconds since 1970. */
export function storyView(
  { message, state, events }: StoredMessage,
  hold: Hold | null,
  { columns, now, paint }: { readonly columns: number; readonly now: number; readonly paint: Paint },
): readonly Line[] {
  const time = (at: number) => clock(at, message.acceptedAt);
  const chapters = foldedStory(storyOf(events));
  const lines: Line[] = [
    wrapped(`${time(message.acceptedAt)} accepted from ${oneLine(message.sender)}`, columns, INDENT, "    "),
  ];
  let endedAt: number | null = null;
  for (const chapter of chapters) {
    switch (chapter.kind) {
      case "attempt":
        if (endedAt !== null)
          lines.push(`${INDENT}waited ${length(Math.max(0, chapter.claimed.at - endedAt))}`);
        lines.push(...attemptLines(chapter, columns, now, time, paint));
        endedAt = chapter.ending?.at ?? null;
        break;
      case "fold":
        lines.push(wrapped(foldText(chapter, time), columns, INDENT, "    "));
        endedAt = chapter.attempts.at(-1)?.ending?.at ?? null;
        break;
      case "incident":
        lines.push(...incidentLines(chapter.event, columns, time));
        if (chapter.event.type === "retried") endedAt = chapter.event.at;
        break;
      default:
        return chapter satisfies never;
    }
  }
  const wait = hold && holdText(hold, { message, state, events }, now, time);
  return wait ? [...lines, paint.strong(wrapped(wait, columns, INDENT, "    "))] : lines;
}

function attemptLines(
  { claimed, steps, ending }: ToldAttempt,
  columns: number,
  now: number,
  time: (at: number) => string,
  paint: Paint,
): readonly Line[] {
  const lastAt = ending?.at ?? now;
  const took = `${ending ? "took" : "under way for"} ${length(Math.max(0, lastAt - claimed.at))}`;
  const head = `attempt ${claimed.attempt} by worker ${claimed.pid}, ${time(claimed.at)}, ${took}`;
  const all: readonly MessageEvent[] = ending ? [...steps, ending] : steps;
  const nameWidth = Math.max(...all.map(({ type }) => type.length), 0);
  const told = all.map((event, at) =>
    stepLines(event, all[at - 1]?.at ?? claimed.at, nameWidth, columns, paint),
  );
  return [paint.strong(wrapped(head, columns, INDENT, "    ")), ...withoutMiddle(told, steps)];
}

function withoutMiddle(told: readonly (readonly Line[])[], steps: readonly Step[]): readonly Line[] {
  if (told.length <= MOST_STEPS) return told.flat();
  const names = steps.slice(FIRST_STEPS, told.length - LAST_STEPS).map(({ type }) => type);
  const more = `${" ".repeat(STEP_INDENT)}${counted(names.length, "more step")}: ${tally(names)}`;
  return [...told.slice(0, FIRST_STEPS).flat(), more, ...told.slice(-LAST_STEPS).flat()];
}

/** `  +120 ms  ✓ typed       read back after 100 ms`, and below it why an attempt ended and what to do. */
function stepLines(
  event: MessageEvent,
  previousAt: number,
  nameWidth: number,
  columns: number,
  paint: Paint,
): readonly Line[] {
  const isProof = EVIDENCE.some((evidence) => evidence === event.type);
  const delta = `+${length(Math.max(0, event.at - previousAt))}`.padStart(STEP_INDENT - 4);
  const start = `${delta}  ${isProof ? PROVEN : " "} ${event.type.padEnd(nameWidth)}  `;
  const text = wrapped(stepText(event), columns, start, " ".repeat(start.length)).trimEnd();
  const [mark, name] = [text.slice(delta.length, STEP_INDENT), text.slice(STEP_INDENT)];
  return [
    `${paint.faint(delta)}${paint.good(mark)}${named(event, name, paint)}`,
    ...errorLines(event, columns, paint),
  ];
}

function named({ type }: MessageEvent, text: string, paint: Paint): string {
  const brush = BRUSHES[type];
  return brush ? `${paint[brush](type)}${text.slice(type.length)}` : text;
}

const BRUSHES: Partial<Record<MessageEvent["type"], keyof Paint>> = {
  delivered: "good",
  failed: "bad",
  unconfirmed: "warn",
  deferred: "warn",
  handed_back: "warn",
  waits: "warn",
};

function errorLines(event: MessageEvent, columns: number, paint: Paint): readonly Line[] {
  if (!("error" in event)) return [];
  const indent = " ".repeat(STEP_INDENT);
  const { message, hint } = event.error;
  return [
    wrapped(oneLine(message), columns, indent, indent),
    paint.strong(wrapped(oneLine(hint), columns, `${indent}hint: `, `${indent}      `)),
  ];
}

function incidentLines(event: MessageEvent, columns: number, time: (at: number) => string): readonly Line[] {
  const isProof = EVIDENCE.some((evidence) => evidence === event.type);
  const head = `${time(event.at)} ${isProof ? `${PROVEN} ` : ""}${event.type} ${stepText(event)}`.trimEnd();
  const error = "error" in event ? event.error : null;
  return [
    wrapped(head, columns, INDENT, "    "),
    ...(error
      ? [
          wrapped(oneLine(error.message), columns, "    ", "    "),
          wrapped(oneLine(error.hint), columns, "    hint: ", "          "),
        ]
      : []),
  ];
}

function foldText({ attempts, isAlike }: Fold, time: (at: number) => string): string {
  const [first] = attempts;
  const last = attempts.at(-1) ?? first;
  const range = `from ${time(first.claimed.at)} to ${time(last.claimed.at)}`;
  if (isAlike) return `${counted(attempts.length, "attempt")} more like this, ${range}`;
  const endings = attempts.map(({ ending }) =>
    ending === null ? "no end" : "error" in ending ? ending.error.code : ending.type,
  );
  return `${attempts.length} more ${attempts.length === 1 ? "attempt" : "attempts"}, ${range}: ${tally(endings)}`;
}

/** `12 × focus_lost, 3 × human_active`: the most frequent first. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} × ${word}`)
    .join(", ");
}

function holdText(
  hold: Hold,
  { message, state }: StoredMessage,
  now: number,
  time: (at: number) => string,
): string {
  const { id, recipient } = message;
  switch (hold.kind) {
    case "removed":
      return `now: ${recipient} is no longer in the configuration; put it back, or: swarm cancel ${id}`;
    case "paused":
      return `now: paused${hold.by === "" ? "" : ` by ${oneLine(hold.by)}`}; goes on after: swarm resume`;
    case "no_worker":
      return state.status === "delivering"
        ? "now: its worker has ended; the next one sees to it: swarm worker --drain"
        : "now: no worker runs; one starts with the next message, or: swarm worker --drain";
    case "scheduled":
      return `now: waits for its time, in ${length(hold.at - now)} (${time(hold.at)})`;
    case "next_attempt":
      return `now: waits for the next attempt, in ${length(hold.at - now)} (${time(hold.at)})`;
    case "others":
      return `now: waits for ${counted(hold.count, "message")} before it, next ${hold.first}`;
    case "turn":
      return "now: next in line";
    case "under_way":
      return `now: ${STEPS[state.step ?? "claimed"]}${state.error && state.step === "typed" ? `; held up: ${state.error.code}` : ""}`;
    default:
      return hold satisfies never;
  }
}
