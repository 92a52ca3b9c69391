/** What a long run has measured, one line a part: these lines are what docs/reliability.md shows. */
export function tellFigures(part: string, figures: Readonly<Record<string, string | number>>): void {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`\nsoak: ${part}: ${told.join(", ")}\n`);
}
