/** How the newest messages ended, for those who ask a moment later. */
import { isFinished, type MessageState } from "../domain/status.ts";

const KEPT = 5000;

export class EndedStates {
  readonly #states = new Map<string, MessageState>();

  settled(id: string, state: MessageState): void {
    this.#states.delete(id);
    if (!isFinished(state.status)) return;
    this.#states.set(id, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > KEPT && oldest !== undefined) this.#states.delete(oldest);
  }

  of(id: string): MessageState | null {
    return this.#states.get(id) ?? null;
  }

  /** Only an end that `retry-failed` can't have undone meanwhile. */
  forGood(id: string): MessageState | null {
    const state = this.of(id);
    return state?.status === "failed" || state?.status === "unconfirmed" ? null : state;
  }
}
