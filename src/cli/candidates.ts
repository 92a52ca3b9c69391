/** What may stand where the cursor is on a command line that is being written: for the shells' completion. */
import { Command, Option } from "commander";
import { recentIds } from "../app/recent-ids.ts";
import type { Config } from "../config/config.ts";
import { NAME } from "../domain/agent.ts";
import { PRIORITIES } from "../domain/message.ts";
import { COMMANDS } from "./commands.ts";
import { COMMON_OPTIONS } from "./common-options.ts";

export interface Candidate {
  readonly word: string;
  /** What it is, in a few words; "" where the word says it all. */
  readonly about: string;
}

export interface Completing {
  /** Behind `swarm`; the last is being written, and may be empty. */
  readonly words: readonly string[];
  /** Null where there is no workspace, or its configuration is wrong. */
  readonly config: Config | null;
  /** Of `SWARM_AGENT`, or null. */
  readonly self: string | null;
}

const SHELLS = ["bash", "zsh", "fish"];
/** Enough to choose from. */
const MOST_IDS = 20;

/** None: the shell may offer what it has, such as files. */
export async function candidates(completing: Completing): Promise<readonly Candidate[]> {
  const { words } = completing;
  const prefix = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const common = COMMON_OPTIONS.map(([flags, description]) => new Option(flags, description));
  const own = await ownOf(before, common);
  const offered = offeredTo(before, prefix, own, completing);
  return offered.filter(({ word }) => word.startsWith(prefix) && word !== prefix);
}

interface Own {
  /** Null: it is still to be written. */
  readonly command: Command | null;
  /** How many words before belong to it and to its subcommand. */
  readonly depth: number;
  readonly options: readonly Option[];
}

/** The command that the words before name, with its options. */
async function ownOf(before: readonly string[], common: readonly Option[]): Promise<Own> {
  const [name, subname] = positionals(before, common);
  const entry = COMMANDS.find((known) => known.name === name);
  if (!entry) return { command: null, depth: 0, options: common };
  const definition = new Command(entry.name);
  (await entry.load())(definition, () => async () => undefined);
  const sub = definition.commands.find((known) => known.name() === subname);
  const command = sub ?? definition;
  return { command, depth: sub ? 2 : 1, options: [...common, ...command.options] };
}

function offeredTo(
  before: readonly string[],
  prefix: string,
  { command, depth, options }: Own,
  completing: Completing,
): readonly Candidate[] {
  if (!before.includes("--")) {
    const valued = options.find((option) => option.required && isNamedBy(option, before.at(-1)));
    if (valued) return valuesOf(placeholderOf(valued), prefix, completing);
    if (prefix.startsWith("-"))
      return options.map(({ long, description }) => ({ word: long ?? "", about: description }));
  }
  if (command === null) return COMMANDS.map(({ name, summary }) => ({ word: name, about: summary }));
  if (command.commands.length > 0)
    return command.commands.map((sub) => ({ word: sub.name(), about: sub.summary() || sub.description() }));
  const at = positionals(before, options).length - depth;
  const argument = command.registeredArguments[at];
  return argument ? valuesOf(argument.name(), prefix, completing) : [];
}

/** The words that are neither options nor values of options. */
function positionals(words: readonly string[], options: readonly Option[]): readonly string[] {
  return words.filter((word, at) => {
    const isValue = options.some((option) => option.required && isNamedBy(option, words[at - 1]));
    return !isValue && !(word.startsWith("-") && word !== "-");
  });
}

function isNamedBy({ long, short }: Option, word: string | undefined): boolean {
  return word !== undefined && (word === long || word === short);
}

/** `agent` of `--agent <agent>`. */
function placeholderOf({ flags }: Option): string {
  return /[<[]([^>\]]+)/.exec(flags)?.[1] ?? "";
}

function valuesOf(placeholder: string, prefix: string, { config, self }: Completing): readonly Candidate[] {
  const agents = () =>
    [...(config?.agents.values() ?? [])].map(({ name, transport }) => ({ word: name, about: transport }));
  switch (placeholder) {
    case "agent":
    case "name":
      return agents();
    case "names":
      return behindComma(prefix, [
        ...agents(),
        ...[...(config?.groups.keys() ?? [])].map((word) => ({ word, about: "group" })),
      ]);
    case "id":
      return config
        ? recentIds(config.root, self !== null && NAME.test(self) ? self : null, MOST_IDS).map(
            ({ id, about }) => ({ word: id, about }),
          )
        : [];
    case "priority":
      return PRIORITIES.map((word) => ({ word, about: "" }));
    case "profile":
      return [...(config?.profiles.keys() ?? []), ...(config?.terminalProfiles.keys() ?? [])].map((word) => ({
        word,
        about: "",
      }));
    case "shell":
      return SHELLS.map((word) => ({ word, about: "" }));
    default:
      return [];
  }
}

/** Of a list: what comes after its last comma, and is not in it yet. */
function behindComma(prefix: string, all: readonly Candidate[]): readonly Candidate[] {
  const start = prefix.slice(0, prefix.lastIndexOf(",") + 1);
  const given = start.split(",");
  return all
    .filter(({ word }) => !given.includes(word))
    .map(({ word, about }) => ({ word: start + word, about }));
}
