/** What every command has: the common flags, the streams, and the workspace once it is asked for. */
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { findRoot, type RootSource } from "../config/root.ts";
import { EXIT, SwarmError } from "../domain/errors.ts";
import { ConfigError } from "../library/failure.ts";
import { reasonOf } from "../support/reason-of.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import { isTerminal, writeErr, writeOut } from "./output.ts";
import { type ProblemText, problemText } from "./problem-text.ts";
import { loadPaint, type Paint } from "./render.ts";

export interface CommonFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly root: string | undefined;
}

export interface Workspace {
  readonly config: Config;
  readonly rootSource: RootSource;
}

export class Session {
  readonly flags: CommonFlags;
  readonly env: NodeJS.ProcessEnv = process.env;

  constructor(flags: CommonFlags) {
    this.flags = flags;
  }

  /** Finds and reads the workspace. Throws SwarmError where there is none, or its configuration is wrong. */
  workspace(): Workspace {
    const { root, source } = this.root();
    const loaded = loadConfig(root, this.env);
    if (!loaded.ok) throw new ConfigError(loaded.file, loaded.problems);
    return { config: loaded.config, rootSource: source };
  }

  /** The workspace's folder. Throws SwarmError where there is none. */
  root(): { readonly root: string; readonly source: RootSource } {
    const found = findRoot({ flag: this.flags.root, env: this.env, cwd: currentFolder() });
    if (!found.ok) throw new SwarmError(EXIT.usage, found.message, found.hint);
    return found;
  }

  /** Colours for results: none unless they go to a terminal and nobody asked for none. */
  paint(): Promise<Paint> {
    const isUnwanted =
      !this.flags.color || this.env["NO_COLOR"] || this.env["TERM"] === "dumb" || this.flags.json;
    const isColored = !isUnwanted && isTerminal("stdout");
    return loadPaint(isColored);
  }

  /** One line of result for people. */
  say(text: string): void {
    if (!this.flags.quiet && !this.flags.json) writeOut(`${text}\n`);
  }

  /** Text of results for people, as it is. */
  show(text: string): void {
    if (!this.flags.quiet && !this.flags.json) writeOut(text);
  }

  /** The one object of `--json`. */
  json(value: Readonly<Record<string, unknown>>): void {
    if (this.flags.json) writeOut(`${JSON.stringify({ schema: 1, ...value })}\n`);
  }

  /** What is good to know and no result. */
  note(text: string): void {
    if (!this.flags.quiet) writeErr(`swarm: ${text}\n`);
  }

  /** What must be known, also with `--quiet`. */
  warn(text: string): void {
    writeErr(`swarm: ${text}\n`);
  }

  /**
   * For what comes after the point from which a failure must not say that the command failed: the message is accepted, the
   * body is printed. Where the system refuses it, that is told and the command goes on.
   */
  besides(what: string, action: () => void): void {
    try {
      action();
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      this.warn(`${what}: ${reasonOf(cause)}`);
    }
  }

  /** What is wrong and what to do, also with `--quiet`. */
  explain(problem: ProblemText): void {
    writeErr(problemText(problem));
  }

  /** True where progress may be drawn. */
  isAnimated(): boolean {
    return !this.flags.quiet && !this.flags.json && this.env["TERM"] !== "dumb" && isTerminal("stderr");
  }
}

/** Throws SwarmError when the current folder was removed. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    if (!hasCode(cause, "ENOENT")) throw cause;
    throw new SwarmError(
      EXIT.usage,
      "the current folder does not exist any more",
      "change to another folder, and try again",
    );
  }
}
