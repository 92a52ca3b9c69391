/** Agents, groups and profiles: from the file, from the folders in `agent_workspaces/`, and how they refer to each other. */
import { readdirSync, statSync } from "node:fs";
import { join as joinPath } from "node:path";
import { type Agent, type InputPoint, NAME } from "../domain/agent.ts";
import { BUILT_IN_PROFILES, builtInProfiles, type Profile } from "../domain/profile.ts";
import { nearest } from "../support/nearest.ts";
import { hasCode } from "../support/system-error.ts";
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

type ProfileEntry = { readonly extends: string } & Partial<Omit<Profile, "name">>;

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
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** `Agent-2` before `Agent-10`. */
function byNumber(a: string, b: string): number {
  const [, nameA = a, numberA = ""] = /^(.*?)(\d{0,15})$/.exec(a) ?? [];
  const [, nameB = b, numberB = ""] = /^(.*?)(\d{0,15})$/.exec(b) ?? [];
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return Number(numberA) - Number(numberB);
}

/** The built-in profiles of the system and those of the file, whose keys are taken as they are written. */
export function profilesOf(parts: NamedParts, platform: string): ReadonlyMap<string, Profile> {
  const builtIn = builtInProfiles(platform);
  const profiles = new Map(builtIn.map((profile) => [profile.name, profile]));
  for (const [name, { extends: base, ...keys }] of Object.entries(parts.profiles ?? {})) {
    const extended = builtIn.find((profile) => profile.name === base);
    if (extended) profiles.set(name, { ...extended, ...keys, name });
  }
  return profiles;
}

/** References that lead nowhere, and names that mean two things. */
export function referenceProblems(
  parts: NamedParts,
  agents: ReadonlyMap<string, Agent>,
  profiles: ReadonlyMap<string, Profile>,
): readonly Problem[] {
  return [
    ...Object.entries(parts.groups ?? {}).flatMap(([group, members]) =>
      groupProblems(group, members, agents),
    ),
    ...Object.entries(parts.agents ?? {}).flatMap(([name, entry]) => {
      const isKnown =
        entry.transport !== "desktop" || entry.profile === undefined || profiles.has(entry.profile);
      if (isKnown) return [];
      const names = [...profiles.keys()];
      const path = join(join("agents", name), "profile");
      const wanted = entry.profile ?? "";
      return [{ path, message: `names no profile (${names.join(", ")})`, nearest: nearest(wanted, names) }];
    }),
    ...Object.keys(parts.profiles ?? {})
      .filter((name) => BUILT_IN_PROFILES.some((profile) => profile.name === name))
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
