/** Learned delays, kept in `runtime/timing.json`: a bounded window of durations for each agent, transport and step. */
import { stepDeadlineMs } from "../domain/timeouts.ts";
import type { Log } from "../ports/log.ts";
import type { Timing } from "../ports/timing.ts";
import type { Clock } from "../ports/world.ts";
import { LazyFile } from "./lazy-file.ts";
import { quantile } from "./quantile.ts";

export interface TimingDeps {
  /** Path of `timing.json`. */
  readonly path: string;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
  /** Bounds of every deadline, in milliseconds. */
  readonly stepFloorMs: number;
  readonly stepCeilingMs: number;
}

interface Learned {
  /** The newest durations in milliseconds, oldest first. */
  readonly ms: readonly number[];
  /** Deadlines missed in a row. */
  readonly misses: number;
}

const WINDOW = 50;
/** Agent, transport and step combinations kept; the longest unused goes first. */
const MAX_STEPS = 5000;
/** Patience in milliseconds with a step never seen before: a slow page answers within 2 s. */
const FIRST_GUESS_MS = 3000;

export class LearnedTiming implements Timing {
  readonly #deps: TimingDeps;
  readonly #file: LazyFile;
  /** By `agent/transport/step`, the longest unchanged first. */
  readonly #steps = new Map<string, Learned>();
  /** Changed here since the last save. */
  readonly #unsaved = new Set<string>();

  constructor(deps: TimingDeps) {
    this.#deps = deps;
    this.#file = new LazyFile({
      path: deps.path,
      clock: deps.clock,
      log: deps.log,
      content: () => {
        this.#adoptSaved(); // `calibrate` may have learned something meanwhile, in its own process
        this.#unsaved.clear();
        return { schema: 1, steps: Object.fromEntries(this.#steps) };
      },
    });
    this.#adoptSaved();
  }

  deadlineMs(agent: string, transport: string, step: string): number {
    const { stepFloorMs, stepCeilingMs } = this.#deps;
    const learned = this.#steps.get(keyOf(agent, transport, step));
    const p95Ms = learned && quantile(learned.ms, 0.95);
    if (p95Ms === undefined || p95Ms === null) {
      return stepDeadlineMs(FIRST_GUESS_MS / 1.5, learned?.misses ?? 0, stepFloorMs, stepCeilingMs);
    }
    return stepDeadlineMs(p95Ms, learned?.misses ?? 0, stepFloorMs, stepCeilingMs);
  }

  typicalMs(agent: string, transport: string, step: string): number | null {
    return quantile(this.#steps.get(keyOf(agent, transport, step))?.ms ?? [], 0.5);
  }

  latestMs(agent: string, transport: string, step: string): number | null {
    return this.#steps.get(keyOf(agent, transport, step))?.ms.at(-1) ?? null;
  }

  record(agent: string, transport: string, step: string, ms: number): void {
    const key = keyOf(agent, transport, step);
    const before = this.#steps.get(key)?.ms ?? [];
    this.#set(key, { ms: [...before, Math.round(ms * 10) / 10].slice(-WINDOW), misses: 0 });
  }

  miss(agent: string, transport: string, step: string): void {
    const key = keyOf(agent, transport, step);
    const before = this.#steps.get(key);
    this.#set(key, { ms: before?.ms ?? [], misses: Math.min((before?.misses ?? 0) + 1, WINDOW) });
  }

  /** Saves what was learned since the last save. */
  flush(): void {
    this.#file.flush();
  }

  #set(key: string, learned: Learned): void {
    this.#steps.delete(key);
    this.#steps.set(key, learned);
    this.#unsaved.add(key);
    const [longestUnused] = this.#steps.keys();
    if (this.#steps.size > MAX_STEPS && longestUnused !== undefined) this.#steps.delete(longestUnused);
    this.#file.changed();
  }

  #adoptSaved(): void {
    const saved = this.#file.load();
    if (saved === null) return;
    const steps = isRecord(saved) && isRecord(saved["steps"]) ? Object.entries(saved["steps"]) : null;
    if (!steps?.every((step): step is [string, Learned] => isLearned(step[1]))) {
      this.#file.refuse("it does not hold learned delays");
      return;
    }
    for (const [key, learned] of steps.slice(-MAX_STEPS)) {
      if (!this.#unsaved.has(key)) this.#steps.set(key, { ms: learned.ms, misses: learned.misses });
    }
  }
}

/** A slash can be in no agent's name. */
function keyOf(agent: string, transport: string, step: string): string {
  return `${agent}/${transport}/${step}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLearned(value: unknown): value is Learned {
  return (
    isRecord(value) &&
    Array.isArray(value["ms"]) &&
    value["ms"].length <= WINDOW &&
    value["ms"].every((ms) => Number.isFinite(ms) && ms >= 0) &&
    Number.isInteger(value["misses"]) &&
    Number(value["misses"]) >= 0
  );
}
