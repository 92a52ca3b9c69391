/** Agents, groups and profiles: from the file, from the folders in `agent_workspaces/`, and how they refer to each other. */
import { readdirSync, statSync } from "node:fs";
import { join as joinPath } from "node:path";
import { type Agent, type InputPoint, NAME } from "../domain/agent.ts";
import { BUILT_IN_PROFILES, builtInProfiles, type Profile } from "../domain/profile.ts";
import { TERMINAL_PROFILES, type TerminalProfile } from "../domain/terminal-profile.ts";
import { nearest } from "../support/nearest.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import { join, type Problem } from "./problem.ts";

/** The parts of `swarm.json` that name things, after `check` found them right. */
export interface NamedParts {
  readonly agents?: Readonly<Record<string, AgentEntry>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly profiles?: Readonly<Record<string, ProfileEntry>>;
}

type AgentEntry =
  | { readonly transport: "inbox" }
  | { readonly transport: "tmux"; readonly pane: string; readonly socket?: string; readonly profile?: string }
  | {
      readonly transport: "desktop";
      readonly profile?: string;
      readonly window: { readonly title: string };
      readonly input: InputPoint;
    };

type ProfileEntry = { readonly extends: string } & Partial<Omit<Profile | TerminalProfile, "name">>;

/** By name, those of the file first. */
export function agentsOf(parts: NamedParts, root: string): ReadonlyMap<string, Agent> {
  const agents = new Map<string, Agent>();
  for (const [name, entry] of Object.entries(parts.agents ?? {})) agents.set(name, agentOf(name, entry));
  for (const name of workspaceFolders(root)) {
    if (!agents.has(name)) agents.set(name, { name, transport: "inbox" });
  }
  return agents;
}

function agentOf(name: string, entry: AgentEntry): Agent {
  switch (entry.transport) {
    case "inbox":
      return { name, transport: "inbox" };
    case "tmux": {
      const { pane, socket = "default", profile = null } = entry;
      return { name, transport: "tmux", pane, socket, profile };
    }
    case "desktop": {
      const { profile = "chat", window, input } = entry;
      return { name, transport: "desktop", profile, windowTitle: window.title, input };
    }
    default:
      return entry satisfies never;
  }
}

/** Folders in `agent_workspaces/` whose name can be an agent's, in natural order. Throws the system's error, but not for a missing folder. */
function workspaceFolders(root: string): readonly string[] {
  const path = joinPath(root, "agent_workspaces");
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => NAME.test(entry.name))
      .filter(
        (entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(joinPath(path, entry.name))),
      )
      .map((entry) => entry.name)
      .sort(byNumber);
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) return [];
    throw cause;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (cause) {
    if (isSystemError(cause)) return false; // a link that leads to itself, or where nobody may look
    throw cause;
  }
}

/** `Agent-2` before `Agent-10`. */
export function byNumber(a: string, b: string): number {
  const [, nameA = a, numberA = ""] = /^(.*?)(\d{0,15})$/.exec(a) ?? [];
  const [, nameB = b, numberB = ""] = /^(.*?)(\d{0,15})$/.exec(b) ?? [];
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return Number(numberA) - Number(numberB);
}

export interface Profiles {
  /** Of windows. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly terminalProfiles: ReadonlyMap<string, TerminalProfile>;
}

/** The built-in profiles of the system and those of the file, whose keys are taken as they are written. */
export function profilesOf(parts: NamedParts, platform: string): Profiles {
  const own = parts.profiles ?? {};
  return {
    profiles: extended(builtInProfiles(platform), own),
    // Those of the file first: the first that knows a program in the pane is taken.
    terminalProfiles: new Map([...extended(TERMINAL_PROFILES, own)].sort(ownFirst)),
  };
}

function extended<P extends { readonly name: string }>(
  builtIn: readonly P[],
  own: Readonly<Record<string, ProfileEntry>>,
): ReadonlyMap<string, P> {
  const profiles = new Map(builtIn.map((profile) => [profile.name, profile]));
  for (const [name, { extends: base, ...keys }] of Object.entries(own)) {
    const basis = builtIn.find((profile) => profile.name === base);
    if (basis) profiles.set(name, { ...basis, ...keys, name });
  }
  return profiles;
}

function ownFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Number(isBuiltIn(a)) - Number(isBuiltIn(b));
}

export function isBuiltIn(name: string): boolean {
  return [...BUILT_IN_PROFILES, ...TERMINAL_PROFILES].some((profile) => profile.name === name);
}

/** References that lead nowhere, and names that mean two things. */
export function referenceProblems(
  parts: NamedParts,
  agents: ReadonlyMap<string, Agent>,
  { profiles, terminalProfiles }: Profiles,
): readonly Problem[] {
  return [
    ...Object.entries(parts.groups ?? {}).flatMap(([group, members]) =>
      groupProblems(group, members, agents),
    ),
    ...Object.entries(parts.agents ?? {}).flatMap(([name, entry]) => {
      if (entry.transport === "inbox" || entry.profile === undefined) return [];
      const names = [...(entry.transport === "tmux" ? terminalProfiles : profiles).keys()];
      if (names.includes(entry.profile)) return [];
      const path = join(join("agents", name), "profile");
      const message = `names no ${entry.transport} profile (${names.join(", ")})`;
      return [{ path, message, nearest: nearest(entry.profile, names) }];
    }),
    ...Object.keys(parts.profiles ?? {})
      .filter(isBuiltIn)
      .map((name) => ({
        path: join("profiles", name),
        message: "is the name of a built-in profile; choose another",
        nearest: null,
      })),
  ];
}

function groupProblems(
  group: string,
  members: readonly string[],
  agents: ReadonlyMap<string, Agent>,
): readonly Problem[] {
  const path = join("groups", group);
  const problems: Problem[] = members.flatMap((member, index) =>
    agents.has(member)
      ? []
      : [
          {
            path: join(path, index),
            message: `names no agent: ${JSON.stringify(member)}`,
            nearest: nearest(member, agents.keys()),
          },
        ],
  );
  if (members.length === 0) problems.push({ path, message: "names no agent", nearest: null });
  if (agents.has(group))
    problems.push({
      path,
      message: "is the name of an agent too; one of them must be renamed",
      nearest: null,
    });
  return problems;
}
