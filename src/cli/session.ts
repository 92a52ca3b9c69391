/** What every command has: the common flags, the streams, and the workspace once it is asked for. */
import type { Config } from "../config/config.ts";
import type { RootSource } from "../config/root.ts";
import { besides } from "../library/hearing.ts";
import { configOf, type Root, rootOf } from "../library/workspace.ts";
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
    return { config: configOf(root, this.env), rootSource: source };
  }

  /** The workspace's folder. Throws SwarmError where there is none. */
  root(): Root {
    return rootOf(this.flags.root, this.env);
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
  json(value: object): void {
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

  /** For what must not make the command fail: as `besides` of the library. */
  besides(what: string, action: () => void): void {
    besides(this, what, action);
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
