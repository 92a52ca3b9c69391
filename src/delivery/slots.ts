/** How many attempts each transport makes at once. */
import type { TransportName } from "../domain/agent.ts";
import type { Transports } from "../ports/transport.ts";

/** `none`: of agents that are not configured any more. */
type SlotOwner = TransportName | "none";

export class Slots {
  readonly #transports: Transports;
  readonly #taken = new Map<SlotOwner, number>();

  constructor(transports: Transports) {
    this.#transports = transports;
  }

  isFree(owner: SlotOwner): boolean {
    const limit = owner === "none" ? 1 : this.#transports.parallel(owner);
    return this.#takenBy(owner) < limit;
  }

  take(owner: SlotOwner): void {
    this.#taken.set(owner, this.#takenBy(owner) + 1);
  }

  giveBack(owner: SlotOwner): void {
    this.#taken.set(owner, this.#takenBy(owner) - 1);
  }

  #takenBy(owner: SlotOwner): number {
    return this.#taken.get(owner) ?? 0;
  }
}
