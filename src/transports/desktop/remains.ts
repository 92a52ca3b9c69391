/** What attempts had to leave in composers, besides texts of messages: for the next attempt at the same agent. */
import type { Outcome } from "../../domain/outcome.ts";
import { hearOthers } from "./foreign.ts";
import type { Draft, Work } from "./work.ts";

export interface Remains {
  /** Tells an attempt that begins. */
  tell(work: Work): Promise<void>;
  /** Of an attempt that ends; `isClean`: its composer is as it was found. */
  note(work: Work, isClean: boolean): Promise<void>;
  /** Of one that ended without any of that. */
  ended(agent: string, outcome: Outcome): void;
  /** Of a message that has ended; `work`: its last, null where none was begun. What is still owed is for the next one. */
  owe(agent: string, work: Work | null): void;
}

interface Left {
  readonly isMark: boolean;
  /** A text, or a draft, stands there. */
  readonly isFull: boolean;
  /** The draft that was put back into it, and when, on the monotonic clock; null: none was. */
  readonly draftBack: { readonly text: string; readonly at: number } | null;
  /** A draft that could not be put back before its message ended; null: none. */
  readonly owed: Draft | null;
  readonly isWidening: boolean;
  readonly foreign: readonly string[];
  readonly isDoubleLikely: boolean;
  /** The process that types ended in the middle of it. */
  readonly isCrashed: boolean;
  /** When the attempt began that left it, on the monotonic clock. */
  readonly begunAt: number;
}

const NOTHING: Left = {
  isMark: false,
  isFull: false,
  draftBack: null,
  owed: null,
  isWidening: false,
  foreign: [],
  isDoubleLikely: false,
  isCrashed: false,
  begunAt: 0,
};
/** The newest are kept. */
const FOREIGN_TEXTS = 10;
const BACK_FILES = 1_000;

export function remains(): Remains {
  const byAgent = new Map<string, Left>();
  /** Files of drafts that were back, of messages that go on; other messages to the same agent may come in between. */
  const back = new Set<string>();
  const noteBack = ({ draft, isDraftBack }: Work) => {
    if (draft === null) return;
    back.delete(draft.file);
    if (isDraftBack) back.add(draft.file);
    const [oldest] = back;
    if (back.size > BACK_FILES && oldest !== undefined) back.delete(oldest);
  };
  const leftAt = (agent: string) => byAgent.get(agent) ?? NOTHING;
  return {
    async tell(work) {
      const left = leftAt(work.agent.name);
      work.expectedDraft = await stillThere(work, left.draftBack);
      // Also where somebody has been at the desktop since: silence alone does not say that the draft is gone.
      work.isFullLikely = left.isFull || left.draftBack !== null;
      work.isMarkLeft ||= left.isMark;
      work.wasMarked = work.isMarkLeft;
      work.isMarkFromBefore = work.isMarkLeft;
      takeOver(work, left.owed);
      work.isDraftBack = work.draft !== null && back.has(work.draft.file);
      work.isWidening = left.isWidening;
      work.foreign = await stillForeign(work, left);
      work.isDoubleLikely = left.isDoubleLikely;
    },
    async note(work, isClean) {
      if (!isClean) await hearOthers(work);
      noteBack(work);
      const { name } = work.agent;
      if (!work.isRead) {
        byAgent.set(name, unread(leftAt(name), work, isClean));
        return;
      }
      byAgent.set(name, {
        isMark: work.isMarkLeft,
        isFull: !isClean && isFull(work),
        draftBack: isClean ? draftBack(work) : null,
        owed: null,
        isWidening: work.isWidening,
        foreign: isClean ? [] : work.foreign.slice(-FOREIGN_TEXTS),
        // A paste of which nothing was seen may have been of what the page had copied itself.
        isDoubleLikely: (work.isDoubleLikely || (!isClean && work.isTextLeft)) && !work.isTextSeen,
        isCrashed: false,
        begunAt: work.begunAt,
      });
    },
    ended(agent, outcome) {
      if (outcome.kind !== "deferred" || outcome.error.code !== "desktop_crashed") return;
      byAgent.set(agent, { ...leftAt(agent), isDoubleLikely: true, isCrashed: true });
    },
    owe(agent, work) {
      if (work === null) return;
      const { draft: owed, isMarkLeft: isMark } = work;
      noteBack(work);
      byAgent.set(agent, { ...leftAt(agent), owed, isMark });
    },
  };
}

/** Nobody has seen what became of what stood there, and of what this attempt may have added. */
function unread(before: Left, work: Work, isClean: boolean): Left {
  return {
    ...before,
    isMark: work.isMarkLeft,
    isFull: before.isFull || before.draftBack !== null || (!isClean && isFull(work)),
    draftBack: work.isTouched ? null : before.draftBack,
    owed: null,
    foreign: [...new Set([...before.foreign, ...work.foreign])].slice(-FOREIGN_TEXTS),
    isDoubleLikely: before.isDoubleLikely || (!isClean && work.isTextLeft),
  };
}

function isFull({ mayBeEntered, isTextSeen, draft }: Work): boolean {
  return !mayBeEntered && (isTextSeen || draft !== null);
}

/** On the record of this message from now on, for whoever comes after a crash. */
function takeOver(work: Work, owed: Draft | null): void {
  if (owed === null || work.draft !== null) return;
  work.attempt.record({ type: "draft_saved", at: work.clock.now(), file: owed.file }, true);
  work.draft = owed;
  work.isDraftKnown = true;
}

/**
 * Where somebody has pressed a button since, or a key that does not only write, a person may have pasted them. A process
 * that ended in the middle has told of none: what it may have pasted to a draft that is known is in the clipboard still, or
 * was heard by it.
 */
async function stillForeign(
  { hands, window, clock, clipboardText, draft }: Work,
  { foreign, begunAt, isCrashed }: Left,
): Promise<readonly string[]> {
  if (isCrashed && draft !== null) {
    const { beforeKill } = await hands.copiedByOthers();
    return clipboardText === null ? beforeKill : [...beforeKill, clipboardText];
  }
  if (foreign.length === 0) return foreign;
  return (await hands.submitIdleMs(window.id)) > clock.monotonic() - begunAt ? foreign : [];
}

function draftBack({ restoredDraft, clock }: Work): Left["draftBack"] {
  return restoredDraft === null ? null : { text: restoredDraft, at: clock.monotonic() };
}

/** It stands there still, perhaps with more behind it: nobody has pressed what takes it away. */
async function stillThere({ hands, window, clock }: Work, back: Left["draftBack"]): Promise<string | null> {
  if (back === null) return null;
  return (await hands.editIdleMs(window.id)) > clock.monotonic() - back.at ? back.text : null;
}
