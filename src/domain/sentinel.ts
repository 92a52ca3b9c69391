/** What swarm puts into a clipboard to tell an answer from what was there before: never a person's text. */
const SENTINEL = /^(?:swarm-looks-[0-9a-f]{32}\s*)+$/;

export function sentinel(random: { hex(bytes: number): string }): string {
  return `swarm-looks-${random.hex(16)}`;
}

/** A page that answers a key late may have pasted one. */
export function isSentinel(text: string): boolean {
  return SENTINEL.test(text.trim());
}
