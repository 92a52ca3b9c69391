/** What swarm typed to each agent lately: found in a composer, such a text is a stray of ours and nobody's draft. */
import type { Agent } from "../domain/agent.ts";

const PER_AGENT = 30;
/** Pages share one clipboard: one that stood still may paste what was meant for another. */
const OF_OTHERS = 30;

export class RecentTexts {
  readonly #texts = new Map<string, readonly string[]>();
  #ofDesktop: readonly string[] = [];

  add({ name, transport }: Pick<Agent, "name" | "transport">, text: string): void {
    this.#texts.set(name, withNewest(this.#texts.get(name) ?? [], text, PER_AGENT));
    if (transport === "desktop") this.#ofDesktop = withNewest(this.#ofDesktop, text, OF_OTHERS);
  }

  /** The newest last; behind those of others that may have come to this agent. */
  of({ name, transport }: Pick<Agent, "name" | "transport">): readonly string[] {
    const own = this.#texts.get(name) ?? [];
    return transport === "desktop" ? [...new Set([...this.#ofDesktop, ...own])] : own;
  }
}

function withNewest(texts: readonly string[], text: string, limit: number): readonly string[] {
  return [...texts.filter((other) => other !== text), text].slice(-limit);
}
