/**
 * One agent's lane: what may be attempted next for it.
 *
 * Within a priority the oldest message goes first, and while it waits for its next attempt, it holds back the later ones
 * of that priority; a message of another priority passes it. A message whose attempt was cut off after the composer was
 * touched (`resume`) holds back everything: nobody knows what the composer holds.
 */
import { PRIORITIES, type Priority } from "../domain/message.ts";
import type { StoredMessage, Waiting } from "../ports/store.ts";

export type Turn =
  | { readonly kind: "deliver"; readonly waiting: Waiting; readonly order: string }
  | ResumeTurn;

/** Of messages that were typed in one turn; mostly it is one. */
interface ResumeTurn {
  readonly kind: "resume";
  readonly members: readonly StoredMessage[];
  readonly order: string;
}

interface Resumption {
  readonly members: readonly StoredMessage[];
  readonly notBefore: number;
}

export class Lane {
  readonly agent: string;
  /** The ids of the messages whose attempt is under way; mostly it is one or none. */
  busyWith: readonly string[] = [];
  /** One of its messages waits again that the last scan did not see: it may come before those that it saw. */
  isScanNeeded = false;
  /** By priority; the next one is the last of its array. */
  #waiting: Record<Priority, Waiting[]> = { urgent: [], high: [], normal: [] };
  /** When messages that were attempted may be again, in milliseconds on the monotonic clock, as all times here. */
  readonly #notBefore = new Map<string, number>();
  readonly #resumptions: Resumption[] = [];

  constructor(agent: string) {
    this.agent = agent;
  }

  /** What may be attempted at `now`, or null. Stays first until `remove`. */
  next(now: number): Turn | null {
    if (this.busyWith.length > 0 || this.isScanNeeded) return null;
    const resumption = this.#resumptions[0];
    if (resumption) return resumption.notBefore <= now ? resumeTurn(resumption.members) : null;
    for (const priority of PRIORITIES) {
      const waiting = this.#waiting[priority].at(-1);
      if (waiting && (this.#notBefore.get(waiting.id) ?? 0) <= now) {
        return { kind: "deliver", waiting, order: waiting.order };
      }
    }
    return null;
  }

  /** The earliest time after `now` at which `next` may give something new, or null. */
  wakeAt(now: number): number | null {
    const resumption = this.#resumptions[0];
    const times = resumption
      ? [resumption.notBefore]
      : PRIORITIES.map((priority) => this.#notBefore.get(this.#waiting[priority].at(-1)?.id ?? "") ?? 0);
    const later = times.filter((at) => at > now);
    return later.length === 0 ? null : Math.min(...later);
  }

  /** Of all that wait, and of the one under way. */
  *ids(): Iterable<string> {
    yield* this.busyWith;
    for (const { members } of this.#resumptions) for (const { message } of members) yield message.id;
    for (const priority of PRIORITIES) for (const { id } of this.#waiting[priority]) yield id;
  }

  isEmpty(): boolean {
    return (
      this.#resumptions.length === 0 && PRIORITIES.every((priority) => this.#waiting[priority].length === 0)
    );
  }

  hasResumption(): boolean {
    return this.#resumptions.length > 0;
  }

  /** These wait now, in order; nothing else does. */
  replace(waiting: readonly Waiting[]): void {
    this.isScanNeeded = false;
    this.#waiting = { urgent: [], high: [], normal: [] };
    const ids = this.#notBefore.size > 0 ? new Set<string>() : null;
    for (let index = waiting.length - 1; index >= 0; index -= 1) {
      const one = waiting[index];
      if (!one) continue;
      this.#waiting[one.priority].push(one);
      ids?.add(one.id);
    }
    for (const id of this.#notBefore.keys()) if (!ids?.has(id)) this.#notBefore.delete(id);
  }

  /** It was claimed, or is gone. */
  remove(waiting: Waiting): void {
    const queue = this.#waiting[waiting.priority];
    const index = queue.lastIndexOf(waiting);
    if (index >= 0) queue.splice(index, 1);
  }

  /** It waits again, for its next attempt at `notBefore`. */
  putBack(waiting: Waiting, notBefore: number): void {
    this.#notBefore.set(waiting.id, notBefore);
    this.add(waiting);
  }

  /** It waits from now on. */
  add(waiting: Waiting): void {
    const queue = this.#waiting[waiting.priority];
    let index = queue.length;
    while (index > 0 && (queue[index - 1]?.order ?? "") < waiting.order) index -= 1;
    if (queue[index - 1]?.id !== waiting.id) queue.splice(index, 0, waiting);
  }

  /** Those of its priority that wait behind it, in order; at most `limit`. */
  behind(waiting: Waiting, limit: number): readonly Waiting[] {
    // The next one is the last of its array.
    const queue = this.#waiting[waiting.priority];
    let end = queue.length;
    while (end > 0 && (queue[end - 1]?.order ?? "") <= waiting.order) end -= 1;
    return queue.slice(Math.max(0, end - limit), end).reverse();
  }

  /** True when it is known when this message may be attempted. */
  isKnown(id: string): boolean {
    return this.#notBefore.has(id);
  }

  /** It may not be attempted before then. */
  hold(id: string, notBefore: number): void {
    this.#notBefore.set(id, notBefore);
  }

  /** It ended: nothing of it is remembered. */
  forget(id: string): void {
    this.#notBefore.delete(id);
  }

  /** The attempt of these was cut off; `resume` decides what became of them, not before `notBefore`. */
  addResumption(members: readonly StoredMessage[], notBefore: number): void {
    this.#resumptions.push({ members, notBefore });
  }

  removeResumption(members: readonly StoredMessage[]): void {
    const index = this.#resumptions.findIndex((resumption) => resumption.members === members);
    if (index >= 0) this.#resumptions.splice(index, 1);
  }
}

/** Before everything that waits: it is on the way already. */
function resumeTurn(members: readonly StoredMessage[]): Turn {
  return { kind: "resume", members, order: "" };
}
