/** Reads `swarm.json` and the environment into a `Config`, or tells everything that is wrong with them at once. */
import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { formatDuration, parseDuration } from "../domain/duration.ts";
import { timeoutConflicts } from "../domain/timeouts.ts";
import { reasonOf } from "../support/reason-of.ts";
import { readFollowed } from "../support/regular-file.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import { agentsOf, type NamedParts, profilesOf, referenceProblems } from "./agents.ts";
import { check } from "./check.ts";
import type { Config } from "./config.ts";
import { parseJsonText } from "./json-text.ts";
import type { Problem } from "./problem.ts";
import type { Scalar } from "./schema-node.ts";
import { effectiveSettings, type Setting } from "./settings.ts";
import { SWARM_JSON } from "./swarm-json.ts";

export type LoadResult =
  | { readonly ok: true; readonly config: Config }
  /** `file` is the path that was read, also when it is the environment that is wrong. */
  | { readonly ok: false; readonly file: string; readonly problems: readonly Problem[] };

/** Name of the configuration file in the workspace's root. */
export const CONFIG_FILE = "swarm.json";

/** `root` is the workspace's folder, absolute. Never throws for what files hold. */
export function loadConfig(
  root: string,
  env: NodeJS.ProcessEnv,
  platform: string = process.platform,
): LoadResult {
  const file = join(root, CONFIG_FILE);
  const read = readConfigFile(file);
  if (!read.ok) return { ok: false, file, problems: [read.problem] };
  const fileProblems = [...read.problems, ...check(read.value, SWARM_JSON, "")];
  // What refers to other parts can be judged only when the parts themselves are right.
  const isSound = fileProblems.length === 0;
  const settings = effectiveSettings(isSound ? read.value : {}, env);
  const problems = [...fileProblems, ...settings.problems];
  try {
    const config = assemble(
      root,
      read.isPresent ? file : null,
      isSound ? (read.value as NamedParts) : {},
      settings.all,
      platform,
    );
    if (isSound) {
      problems.push(...referenceProblems(read.value as NamedParts, config.agents, config));
      problems.push(...conflictsOf(settings.all));
    }
    return problems.length === 0 ? { ok: true, config } : { ok: false, file, problems };
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return {
      ok: false,
      file,
      problems: [...problems, wrongFile(`agent_workspaces can't be read: ${cause.message}`)],
    };
  }
}

type Read =
  | {
      readonly ok: true;
      readonly isPresent: boolean;
      readonly value: unknown;
      readonly problems: readonly Problem[];
    }
  | { readonly ok: false; readonly problem: Problem };

function readConfigFile(file: string): Read {
  let bytes: Buffer;
  try {
    bytes = readFollowed(file);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return { ok: true, isPresent: false, value: {}, problems: [] };
    const why = hasCode(cause, "EISDIR")
      ? "is a folder, and should be a file"
      : `can't be read: ${reasonOf(cause)}`;
    return { ok: false, problem: wrongFile(why) };
  }
  if (!isUtf8(bytes)) return { ok: false, problem: wrongFile("is not UTF-8 text") };
  const parsed = parseJsonText(bytes.toString("utf8"));
  return parsed.ok ? { ...parsed, isPresent: true } : parsed;
}

function wrongFile(message: string): Problem {
  return { path: "", message, nearest: null };
}

function assemble(
  root: string,
  file: string | null,
  parts: NamedParts,
  settings: readonly Setting[],
  platform: string,
): Config {
  const read = reader(settings);
  return {
    root,
    file,
    agents: agentsOf(parts, root),
    agentsInFile: new Set(Object.keys(parts.agents ?? {})),
    groups: new Map(Object.entries(parts.groups ?? {})),
    ...profilesOf(parts, platform),
    delivery: {
      attempts: read.number("delivery.attempts"),
      backoff: {
        initialMs: read.ms("delivery.backoff.initial"),
        factor: read.number("delivery.backoff.factor"),
        maxMs: read.ms("delivery.backoff.max"),
      },
      attemptTimeoutMs: read.ms("delivery.attemptTimeout"),
      header: read.text("delivery.header") ?? false,
      inlineLimit: read.number("delivery.inlineLimit"),
      join: read.isOn("delivery.join"),
      maxBytes: read.number("delivery.maxBytes"),
      humanIdleMs: read.ms("delivery.humanIdle"),
    },
    alerts: {
      windowMs: read.ms("alerts.window"),
      failureRate: read.number("alerts.failureRate"),
      retryRate: read.number("alerts.retryRate"),
      failedForMs: read.ms("alerts.failedFor"),
      command: read.text("alerts.command"),
    },
    retention: { tracker: read.number("retention.tracker"), archiveMs: read.ms("retention.archive") },
    display: read.text("desktop.display"),
    settings,
  };
}

/** Typed access to settings whose kinds `check` has proven. */
function reader(settings: readonly Setting[]) {
  const values = new Map<string, Scalar>(settings.map(({ path, value }) => [path, value]));
  const text = (path: string) => {
    const value = values.get(path);
    return typeof value === "string" ? value : null;
  };
  return {
    text,
    number: (path: string) => Number(values.get(path)),
    isOn: (path: string) => values.get(path) === true,
    ms: (path: string) => parseDuration(text(path) ?? "") ?? 0,
  };
}

function conflictsOf(settings: readonly Setting[]): readonly Problem[] {
  const { ms } = reader(settings);
  const conflicts = timeoutConflicts({
    "delivery.attemptTimeout": ms("delivery.attemptTimeout"),
    "delivery.humanIdle": ms("delivery.humanIdle"),
    "delivery.backoff.initial": ms("delivery.backoff.initial"),
    "delivery.backoff.max": ms("delivery.backoff.max"),
  });
  return conflicts.map(({ inner, outer, outerMs, isEqualAllowed }) => {
    const setting = settings.find(({ path }) => path === inner);
    const path = setting?.source === "environment" ? setting.variable : inner;
    const relation = isEqualAllowed ? "must not be above" : "must be below";
    return {
      path,
      message: `${relation} ${outer} (${formatDuration(outerMs)}), and is ${setting?.value}`,
      nearest: null,
    };
  });
}
