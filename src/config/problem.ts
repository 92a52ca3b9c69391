/** What is wrong with the configuration, and where. */

export interface Problem {
  /** Path in `swarm.json` such as `agents.Agent-2.input.x`, or the name of an environment variable. */
  readonly path: string;
  /** Completes the path to a sentence: "must be …". */
  readonly message: string;
  /** The valid key, value or name that was probably meant, or null. */
  readonly nearest: string | null;
}

/** `path` and the key in it, as JavaScript would write it. */
export function join(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z0-9_$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

export function describeProblem({ path, message, nearest }: Problem): string {
  const meant = nearest === null ? "" : `; did you mean "${nearest}"?`;
  return `${path === "" ? "" : `${path}: `}${message}${meant}`;
}
