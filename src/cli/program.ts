/** The command line: finds the command that was asked for, lets commander read its arguments, and carries it out. */
import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { EXIT, type ExitCode } from "../domain/errors.ts";
import { type Failure, failureOf } from "../library/failure.ts";
import type { Action, Run } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { COMMON_OPTIONS } from "./common-options.ts";
import { markTexts, unmarked } from "./dash-text.ts";
import { writeErr, writeOut } from "./output.ts";
import { problemText } from "./problem-text.ts";
import { type CommonFlags, Session } from "./session.ts";

/** `argv` without node and script. Never rejects. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const flags: { current: CommonFlags } = { current: flagsIn(argv) };
  const end: { code: ExitCode } = { code: EXIT.done };
  const runAction = (action: Action) =>
    async function (this: Command) {
      flags.current = commonFlags(this);
      const args = this.processedArgs
        .flat()
        .map((arg: unknown) => (typeof arg === "string" ? unmarked(arg) : undefined));
      const options = Object.fromEntries(
        Object.entries(this.opts()).map(([name, value]) => [name, unmarked(value)]),
      );
      end.code = await action(new Session(flags.current), { args, options });
    };
  try {
    const program = await programFor(argv, runAction);
    await program.parseAsync(markTexts(argv), { from: "user" });
    return end.code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return endOfParsing(thrown, argv, flags.current);
    return tell(failureOf(thrown), flags.current);
  }
}

/** Prints what went wrong, for people and with `--json` for scripts. */
export function tell(failure: Failure, flags: Pick<CommonFlags, "json">): ExitCode {
  const { exitCode, code, message, hint, problems, stack } = failure;
  writeErr(problemText({ what: message, hint, ...(stack && { details: stack }) }));
  if (flags.json) {
    const error = { code, message, hint, ...(problems && { problems }) };
    writeOut(`${JSON.stringify({ schema: 1, error })}\n`);
  }
  return exitCode;
}

/** Only the commands that `argv` names get their arguments and options; the others are there to be listed. */
async function programFor(argv: readonly string[], runAction: Run): Promise<Command> {
  const program = new Command("swarm")
    .description("Carries messages to AI coding agents and proves that they arrived.")
    .version(packageJson.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => title })
    .configureOutput({ writeOut, writeErr, outputError: () => undefined, getOutHasColors: () => false })
    .exitOverride();
  for (const [flags, description] of COMMON_OPTIONS) program.option(flags, description);
  for (const { name, summary, load } of COMMANDS) {
    const definition = program.command(name).summary(summary).description(sentence(summary));
    if (argv.includes(name)) (await load())(definition, runAction);
  }
  program.addHelpText("after", `\nExample:\n  swarm send Agent-2 "hello"`);
  return program;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function commonFlags(command: Command): CommonFlags {
  const { json = false, quiet = false, color = true, root } = command.optsWithGlobals();
  return { json, quiet, color, root: root === undefined ? undefined : unmarked(String(root)) };
}

/** A guess, for what goes wrong before the command line was read. */
function flagsIn(argv: readonly string[]): CommonFlags {
  return { json: argv.includes("--json"), quiet: argv.includes("--quiet"), color: false, root: undefined };
}

/** Help and version were printed; anything else is a command line that makes no sense. */
function endOfParsing(error: CommanderError, argv: readonly string[], flags: CommonFlags): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  if (error.code === "commander.help") return EXIT.usage;
  const name = argv.find((argument) => COMMANDS.some((command) => command.name === argument));
  const message = unmarked(error.message)
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\)$/s, "; did you mean $1")
    .replace(/\. Expected (\d+) arguments? but got (\d+)\.$/, ": $2 instead of $1");
  const isSend = name === "send" || name === "broadcast";
  const failure = { exitCode: EXIT.usage, code: "usage", hint: usageHint(error, argv, name) };
  return tell({ ...failure, message: isSend ? `${message}; nothing was queued` : message }, flags);
}

function usageHint({ code }: CommanderError, argv: readonly string[], name: string | undefined): string {
  if (name === undefined) return "see swarm --help";
  const help = `see swarm ${name} --help`;
  if (name !== "send" && name !== "broadcast") return help;
  if (code === "commander.excessArguments")
    return `put the text in quotes, so that it is one argument; ${help}`;
  if (code !== "commander.unknownOption") return help;
  const example =
    name === "send" ? `swarm send Agent-2 -- ${argv.at(-1)}` : `swarm broadcast -- ${argv.at(-1)}`;
  return `a text of one word that begins with "-" goes behind "--" (${example}), and no agent's name begins so; ${help}`;
}
