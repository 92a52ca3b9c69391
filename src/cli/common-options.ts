/** The options that every command has: flags and description, as commander takes them. */
export const COMMON_OPTIONS: readonly (readonly [string, string])[] = [
  ["--json", "print one JSON object"],
  ["--root <dir>", "the workspace (default: SWARM_ROOT, then the nearest above)"],
  ["--quiet", "print no results and notes, only what went wrong"],
  ["--no-color", "no colour (as with NO_COLOR)"],
];
