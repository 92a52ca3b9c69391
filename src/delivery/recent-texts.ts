/** What swarm typed to each agent lately: found in a composer, such a text is a stray of ours and nobody's draft. */

const PER_AGENT = 30;

export class RecentTexts {
  readonly #texts = new Map<string, readonly string[]>();

  add(agent: string, text: string): void {
    const others = this.of(agent).filter((other) => other !== text);
    this.#texts.set(agent, [...others, text].slice(-PER_AGENT));
  }

  of(agent: string): readonly string[] {
    return this.#texts.get(agent) ?? [];
  }
}
