/** The events of a message as a story: its attempts in order, each with its steps, and what happened around them. */
import type {
  Claimed,
  Deferred,
  Delivered,
  Failed,
  HandedBack,
  MessageEvent,
  Unconfirmed,
} from "./events.ts";

export type AttemptEnding = Deferred | HandedBack | Delivered | Failed | Unconfirmed;
export type Step = Exclude<MessageEvent, Claimed | AttemptEnding>;

export interface ToldAttempt {
  readonly kind: "attempt";
  readonly claimed: Claimed;
  readonly steps: readonly Step[];
  /** Null: under way, or its worker died and none has looked after it yet. */
  readonly ending: AttemptEnding | null;
}

/** What happened while no attempt was under way. */
export interface Incident {
  readonly kind: "incident";
  readonly event: MessageEvent;
}

/** Attempts that are not told one by one. */
export interface Fold {
  readonly kind: "fold";
  readonly attempts: readonly [ToldAttempt, ...(readonly ToldAttempt[])];
  /** They went as the one before them did. */
  readonly isAlike: boolean;
}

/** Before more chapters than these are told, the middle ones are folded. */
const MOST_CHAPTERS = 12;
const FIRST_CHAPTERS = 4;
const LAST_CHAPTERS = 6;

/** All of it, in order. */
export function storyOf(events: readonly MessageEvent[]): readonly (ToldAttempt | Incident)[] {
  const chapters: (ToldAttempt | Incident)[] = [];
  let open: { claimed: Claimed; steps: Step[] } | null = null;
  const close = (ending: AttemptEnding | null) => {
    if (open) chapters.push({ kind: "attempt", ...open, ending });
    open = null;
  };
  for (const event of events) {
    if (event.type === "claimed") {
      close(null);
      open = { claimed: event, steps: [] };
    } else if (open && isEnding(event)) close(event);
    else if (open && !isEnding(event)) open.steps.push(event);
    else chapters.push({ kind: "incident", event });
  }
  close(null);
  return chapters;
}

function isEnding(event: MessageEvent): event is AttemptEnding {
  return ["deferred", "handed_back", "delivered", "failed", "unconfirmed"].includes(event.type);
}

/** Short, however many attempts there were: those that went like the one before are folded, and where that is not enough the middle is. */
export function foldedStory(
  chapters: readonly (ToldAttempt | Incident)[],
): readonly (ToldAttempt | Incident | Fold)[] {
  const told: (ToldAttempt | Incident | Fold)[] = [];
  for (let at = 0; at < chapters.length; ) {
    const chapter = chapters[at];
    if (!chapter) break;
    told.push(chapter);
    at += 1;
    const [second, third, ...more] = chapter.kind === "attempt" ? alikeFrom(chapters, at, chapter) : [];
    // One more is told as it is: a line that folds it would say less in hardly less room.
    if (!second || !third) continue;
    told.push({ kind: "fold", attempts: [second, third, ...more], isAlike: true });
    at += 2 + more.length;
  }
  return told.length > MOST_CHAPTERS ? withoutMiddle(told) : told;
}

function alikeFrom(
  chapters: readonly (ToldAttempt | Incident)[],
  start: number,
  first: ToldAttempt,
): readonly ToldAttempt[] {
  const alike: ToldAttempt[] = [];
  for (const chapter of chapters.slice(start)) {
    if (chapter.kind !== "attempt" || likeness(chapter) !== likeness(first)) break;
    alike.push(chapter);
  }
  return alike;
}

/** Two attempts with the same one took the same steps and ended for the same reason, up to figures. */
function likeness({ steps, ending }: ToldAttempt): string {
  const error = ending && "error" in ending ? ending.error : null;
  const parts = [...steps.map(({ type }) => type), ending?.type, error?.code, error?.message];
  return parts.join("\n").replace(/\d+/g, "0");
}

function withoutMiddle(
  told: readonly (ToldAttempt | Incident | Fold)[],
): readonly (ToldAttempt | Incident | Fold)[] {
  const middle = told.slice(FIRST_CHAPTERS, -LAST_CHAPTERS);
  const incidents = middle.filter((chapter) => chapter.kind === "incident");
  const [first, ...more] = middle.flatMap((chapter) =>
    chapter.kind === "fold" ? chapter.attempts : chapter.kind === "attempt" ? [chapter] : [],
  );
  const fold: readonly Fold[] = first ? [{ kind: "fold", attempts: [first, ...more], isAlike: false }] : [];
  // What somebody did (retried, acknowledged) is told, unless there is no end of it.
  const kept = incidents.slice(0, MOST_CHAPTERS);
  return [...told.slice(0, FIRST_CHAPTERS), ...fold, ...kept, ...told.slice(-LAST_CHAPTERS)];
}
