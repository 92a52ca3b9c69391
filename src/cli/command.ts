/** What a command is made of. */
import type { Command as Definition } from "commander";
import type { ExitCode } from "../domain/errors.ts";
import type { Session } from "./session.ts";

/** Adds a command's arguments, options and example to its definition, and its action by `run`. */
export type Define = (definition: Definition, run: Run) => void;

/** Makes of an action what commander calls. */
export type Run = (action: Action) => () => Promise<void>;

/** Carries the command out with what was given on the command line, and gives the exit code. */
export type Action = (session: Session, given: Given) => ExitCode | Promise<ExitCode>;

/** The command line after commander: arguments in order (undefined where one was left out), and options by name. */
export interface Given {
  readonly args: readonly (string | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** The text given for an option, or undefined. */
export function textOption({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** True when the option was given. */
export function isGiven({ options }: Given, name: string): boolean {
  return options[name] === true;
}

/** All texts given for an option that may stand more than once. */
export function textsOption({ options }: Given, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** For commander: adds to the texts of an option that may stand more than once. */
export function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
