/** Names on the command line as agents of the workspace. */
import type { Config } from "../config/config.ts";
import { type Agent, NAME } from "../domain/agent.ts";
import { EXIT, SwarmError } from "../domain/errors.ts";
import { nearest } from "../support/nearest.ts";
import { usageError } from "./failure.ts";

/** Told where a message was to be sent. */
const NOTHING_QUEUED = "; nothing was queued";

/** The agent that a message is for. Throws SwarmError: not a name (2), unknown (3). */
export function recipientNamed(name: string, config: Config): Agent {
  return agentNamed(name, config, NOTHING_QUEUED);
}

/** The agent of that name. Throws SwarmError: not a name (2), unknown (3); `end` closes what it says. */
export function agentNamed(name: string, config: Config, end = ""): Agent {
  checkName(name, end);
  const agent = config.agents.get(name);
  if (agent) return agent;
  if (config.groups.has(name)) {
    throw new SwarmError(
      EXIT.unknownName,
      `${name} is a group, not an agent${end}`,
      `send to all of it with: swarm broadcast --to ${name} "…"`,
    );
  }
  throw unknownAgent(name, config, [...config.agents.keys()], end);
}

/** Agents for a broadcast: `to` (default: all) without `except`, both names of agents and groups, each agent once. */
export function recipientsOf(
  to: readonly string[],
  except: readonly string[],
  config: Config,
): readonly Agent[] {
  const wanted = to.length === 0 ? [...config.agents.keys()] : membersOf(to, config);
  const excepted = new Set(membersOf(except, config));
  const names = [...new Set(wanted)].filter((name) => !excepted.has(name));
  const agents = names.flatMap((name) => config.agents.get(name) ?? []);
  if (config.agents.size === 0) throw noAgents(config, NOTHING_QUEUED);
  if (agents.length === 0)
    throw usageError("no agent is left to send to: --except takes away all that --to names", "name others");
  return agents;
}

function membersOf(lists: readonly string[], config: Config): readonly string[] {
  return lists
    .flatMap((list) => list.split(","))
    .map((name) => name.trim())
    .flatMap((name) => {
      checkName(name, NOTHING_QUEUED);
      const members = config.groups.get(name) ?? (config.agents.has(name) ? [name] : null);
      if (members) return members;
      throw unknownAgent(name, config, [...config.agents.keys(), ...config.groups.keys()], NOTHING_QUEUED);
    });
}

function checkName(name: string, end: string): void {
  if (NAME.test(name)) return;
  throw usageError(
    `${JSON.stringify(name)} can't be the name of an agent${end}`,
    'names have 1 to 64 letters, digits, ".", "_" and "-", the first a letter or digit',
  );
}

function unknownAgent(name: string, config: Config, known: readonly string[], end: string): SwarmError {
  if (config.agents.size === 0) return noAgents(config, end, name);
  const meant = nearest(name, known);
  const hint = `${meant === null ? "" : `did you mean ${meant}? `}known are: ${listed(known)}`;
  return new SwarmError(EXIT.unknownName, `there is no agent ${name} in ${config.root}${end}`, hint);
}

function noAgents({ root }: Config, end: string, name?: string): SwarmError {
  const message = `there are no agents in ${root}${end}`;
  const exit = name === undefined ? EXIT.usage : EXIT.unknownName;
  return new SwarmError(
    exit,
    message,
    "make some with `swarm init`, or a folder per agent in agent_workspaces/",
  );
}

function listed(names: readonly string[]): string {
  const most = 12;
  return names.length <= most
    ? names.join(", ")
    : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
