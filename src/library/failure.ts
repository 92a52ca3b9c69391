/** How a command that can't go on tells it: what happened, why, what to do now, and the exit code that says which kind. */
import { describeProblem, type Problem } from "../config/problem.ts";
import { EXIT, type ExitCode, SwarmError } from "../domain/errors.ts";
import { reasonOf } from "../support/reason-of.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";

/** Nothing was accepted: the command line can't be carried out as it stands. */
export function usageError(message: string, hint: string): SwarmError {
  return new SwarmError(EXIT.usage, message, hint);
}

/** The configuration is wrong in these places. */
export class ConfigError extends SwarmError {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const list = problems.map((problem) => `\n  - ${describeProblem(problem)}`).join("");
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(
      EXIT.usage,
      `${file} has ${count}; nothing was queued${list}`,
      "correct it and try again; `swarm config schema` prints what is valid, `swarm doctor` checks the rest",
    );
    this.problems = problems;
  }
}

export interface Failure {
  readonly exitCode: ExitCode;
  /** Stable word for scripts. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly problems?: readonly Problem[];
  /** Of a bug. */
  readonly stack?: string;
}

/** What to tell about whatever was thrown. */
export function failureOf(thrown: unknown): Failure {
  if (isSwarmError(thrown)) {
    const problems = "problems" in thrown ? (thrown as ConfigError).problems : null;
    return { ...ofSwarmError(thrown), ...(problems && { code: "configuration", problems }) };
  }
  if (isSystemError(thrown)) {
    return {
      exitCode: EXIT.notStored,
      code: "not_stored",
      message: `the system refused: ${thrown.message}`,
      hint: hasCode(thrown, "EMFILE", "ENFILE")
        ? "close some programs, or raise the limit of open files (`ulimit -n`); then try again"
        : "see that the disk has room and that you may write to the workspace's runtime folder; `swarm doctor` looks",
    };
  }
  return {
    exitCode: EXIT.bug,
    code: "internal",
    message: `this is a bug in swarm: ${reasonOf(thrown)}`,
    hint: "please report it to swarm's maintainers with these lines and what `swarm doctor` prints",
    ...(thrown instanceof Error && thrown.stack ? { stack: thrown.stack } : {}),
  };
}

/** By name: the commands of the other built file have a class of their own. */
function isSwarmError(thrown: unknown): thrown is SwarmError {
  return thrown instanceof Error && thrown.name === "SwarmError" && "exitCode" in thrown;
}

function ofSwarmError({ exitCode, message, hint }: SwarmError): Failure {
  return { exitCode, code: CODES[exitCode] ?? "failed", message, hint };
}

export const CODES: Partial<Record<ExitCode, string>> = {
  [EXIT.usage]: "usage",
  [EXIT.unknownName]: "unknown_name",
  [EXIT.stillQueued]: "still_queued",
  [EXIT.personNeeded]: "person_needed",
  [EXIT.notStored]: "not_stored",
  [EXIT.interrupted]: "interrupted",
};
