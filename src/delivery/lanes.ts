/**
 * The index of all waiting messages by agent. Keeps names, never bodies. Pauses are counted on the monotonic clock, so
 * that a clock that is set meanwhile stretches none; what expires does so by the clock that its sender saw.
 */
import type { StoredMessage, Waiting } from "../ports/store.ts";
import { Lane, type Turn } from "./lane.ts";

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Those that may expire, the last to expire first. */
  #expiring: Waiting[] = [];
  /** Those whose time has not come, the last to come first. They are in no lane: they hold back nothing. */
  #scheduled: Waiting[] = [];

  /** These wait at `now` (since 1970), in order; nothing else does. */
  replace(all: readonly Waiting[], now: number): void {
    const byAgent = new Map<string, Waiting[]>();
    this.#expiring = [];
    this.#scheduled = [];
    for (const waiting of all) {
      if (waiting.expiresAt !== null) this.#expiring.push(waiting);
      if ((waiting.notBefore ?? 0) > now) {
        this.#scheduled.push(waiting);
        continue;
      }
      const own = byAgent.get(waiting.recipient);
      if (own) own.push(waiting);
      else byAgent.set(waiting.recipient, [waiting]);
    }
    this.#sortExpiring();
    this.#scheduled.sort((a, b) => (b.notBefore ?? 0) - (a.notBefore ?? 0));
    for (const agent of byAgent.keys()) this.of(agent);
    for (const lane of this.#lanes.values()) {
      lane.replace(byAgent.get(lane.agent) ?? []);
      if (lane.isEmpty() && lane.busyWith.length === 0) this.#lanes.delete(lane.agent);
    }
  }

  of(agent: string): Lane {
    const known = this.#lanes.get(agent);
    if (known) return known;
    const lane = new Lane(agent);
    this.#lanes.set(agent, lane);
    return lane;
  }

  /**
   * What may be attempted at `at` (monotonic), one turn per agent, in order of priority and acceptance. While an agent is
   * paused, what a crash cut off is put right all the same: it may hold a person's draft.
   */
  turns(
    at: number,
    isPaused: (agent: string) => boolean,
  ): readonly { readonly lane: Lane; readonly turn: Turn }[] {
    const turns = [];
    for (const lane of this.#lanes.values()) {
      const turn = lane.next(at);
      if (turn && !(turn.kind === "deliver" && isPaused(lane.agent))) turns.push({ lane, turn });
    }
    return turns.sort((a, b) => (a.turn.order < b.turn.order ? -1 : 1));
  }

  /** Those whose time has come by `now` (since 1970) take their place in the order. */
  admitDue(now: number): void {
    while ((this.#scheduled.at(-1)?.notBefore ?? Number.POSITIVE_INFINITY) <= now) {
      const waiting = this.#scheduled.pop();
      if (waiting) this.of(waiting.recipient).add(waiting);
    }
  }

  /** Takes out and gives those that have expired at `now` (since 1970), at most `limit`. One that is under way does not expire. */
  takeExpired(now: number, limit: number): readonly Waiting[] {
    const expired: Waiting[] = [];
    while (expired.length < limit && (this.#expiring.at(-1)?.expiresAt ?? Number.POSITIVE_INFINITY) <= now) {
      const waiting = this.#expiring.pop();
      if (!waiting) break;
      const lane = this.of(waiting.recipient);
      if (lane.busyWith.includes(waiting.id)) continue;
      if ((waiting.notBefore ?? 0) > now) this.#scheduled = this.#scheduled.filter((one) => one !== waiting);
      lane.remove(waiting);
      lane.forget(waiting.id);
      expired.push(waiting);
    }
    return expired;
  }

  /** It waits again, for its next attempt at `notBefore` (monotonic). */
  putBack(waiting: Waiting, notBefore: number): void {
    this.of(waiting.recipient).putBack(waiting, notBefore);
    if (waiting.expiresAt === null) return;
    this.#expiring.push(waiting);
    this.#sortExpiring();
  }

  /** They were typed in one turn, to one agent. */
  addResumption(members: readonly StoredMessage[], notBefore: number): void {
    const recipient = members[0]?.message.recipient;
    if (recipient !== undefined) this.of(recipient).addResumption(members, notBefore);
  }

  /** The earliest time after `at` (monotonic) at which there is something to do, or null. What is due already is not counted. */
  wakeAt(at: number): number | null {
    let earliest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values()) {
      const wakeAt = lane.busyWith.length === 0 ? lane.wakeAt(at) : null;
      if (wakeAt !== null && wakeAt < earliest) earliest = wakeAt;
    }
    return earliest === Number.POSITIVE_INFINITY ? null : earliest;
  }

  /** When the next message expires, or the time of one comes (since 1970); or null. */
  nextByClock(): number | null {
    const times = [this.#expiring.at(-1)?.expiresAt, this.#scheduled.at(-1)?.notBefore];
    const next = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
    return next === Number.POSITIVE_INFINITY ? null : next;
  }

  /** All that wait or are under way. */
  ids(): ReadonlySet<string> {
    const ids = new Set(this.#scheduled.map(({ id }) => id));
    for (const lane of this.#lanes.values()) for (const id of lane.ids()) ids.add(id);
    return ids;
  }

  /** True when nothing is under way, and nothing waits but for agents that are paused. `isLaterWork`: what waits for its time counts. */
  isIdle(isPaused: (agent: string) => boolean, isLaterWork: boolean): boolean {
    if (isLaterWork && this.#scheduled.some(({ recipient }) => !isPaused(recipient))) return false;
    for (const lane of this.#lanes.values()) {
      if (lane.busyWith.length > 0 || lane.hasResumption()) return false;
      if (!lane.isEmpty() && !isPaused(lane.agent)) return false;
    }
    return true;
  }

  #sortExpiring(): void {
    this.#expiring.sort((a, b) => (b.expiresAt ?? 0) - (a.expiresAt ?? 0));
  }
}
