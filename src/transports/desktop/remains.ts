/** What attempts had to leave in composers, besides texts of messages: for the next attempt at the same agent. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Work } from "./work.ts";

export interface Remains {
  /** Tells an attempt that begins. */
  tell(work: Work): Promise<void>;
  /** Of an attempt that ends; `isClean`: its composer is as it was found. */
  note(work: Work, isClean: boolean): Promise<void>;
  /** Of one that ended without any of that. */
  ended(agent: string, outcome: Outcome): void;
}

interface Left {
  readonly isMark: boolean;
  /** When a draft was put back into it, on the monotonic clock; null: none was. */
  readonly draftBackAt: number | null;
  readonly foreign: readonly string[];
  readonly isDoubleLikely: boolean;
}

const NOTHING: Left = { isMark: false, draftBackAt: null, foreign: [], isDoubleLikely: false };
/** The newest are kept. */
const FOREIGN_TEXTS = 10;

export function remains(): Remains {
  const byAgent = new Map<string, Left>();
  const leftAt = (agent: string) => byAgent.get(agent) ?? NOTHING;
  return {
    async tell(work) {
      const left = leftAt(work.agent.name);
      const sinceMs = left.draftBackAt === null ? null : work.clock.monotonic() - left.draftBackAt;
      work.isDraftExpected = sinceMs !== null && (await work.hands.humanIdleMs()) > sinceMs;
      work.isMarkLeft ||= left.isMark;
      work.wasMarked = work.isMarkLeft;
      work.foreign = left.foreign;
      work.isDoubleLikely = left.isDoubleLikely;
    },
    async note(work, isClean) {
      if (!isClean) await hearOthers(work);
      byAgent.set(work.agent.name, {
        isMark: work.isMarkLeft,
        draftBackAt: isClean && work.isDraftKnown ? work.clock.monotonic() : null,
        foreign: isClean ? [] : work.foreign.slice(-FOREIGN_TEXTS),
        isDoubleLikely: work.isDoubleLikely && !work.isTextSeen,
      });
    },
    ended(agent, outcome) {
      if (outcome.kind !== "deferred" || outcome.error.code !== "desktop_crashed") return;
      byAgent.set(agent, { ...leftAt(agent), isDoubleLikely: true });
    },
  };
}

/** Which texts others have copied until now. What a driver that is gone has heard is lost with it. */
export async function hearOthers(work: Work): Promise<void> {
  const heard = await work.hands.copiedByOthers().catch(() => []);
  work.foreign = [...new Set([...work.foreign, ...heard])];
}
