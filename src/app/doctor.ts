/** What works here and what does not, each with its remedy. */
import { accessSync, constants, existsSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Agent, DesktopAgent, TmuxAgent } from "../domain/agent.ts";
import { Folders } from "../spool/folders.ts";
import { readOverview } from "../spool/overview.ts";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { reasonOf } from "../support/reason-of.ts";
import { alertCommandFailure } from "./alert-report.ts";
import { runningWorker } from "./client.ts";
import { checkDesktop, type DesktopCheck } from "./doctor-desktop.ts";
import { checkPanes } from "./doctor-tmux.ts";

export type Check = DesktopCheck;

const ENOUGH_BYTES = 100 * 1_048_576;
/** The first versions of each line that have what is needed. */
const NODE = [20, 19] as const;

/** Looks at node, which needs no workspace. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOk = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  return check("node", isOk, version, `install Node ${NODE.join(".")} or newer`);
}

/** Looks at a workspace. Writes and removes one small file; types nothing. */
export async function checkWorkspace(config: Config, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const agents = [...config.agents.values()];
  return [
    check(
      "agents",
      agents.length > 0,
      agents.length === 0 ? "none" : `${agents.length}`,
      "make some with `swarm init`",
    ),
    checkStorage(config.root),
    checkSpace(config.root),
    ...checkInboxes(config.root, agents),
    await checkWorker(config.root),
    ...checkParked(config.root),
    ...checkAlertCommand(config),
    ...(await checkTmuxAgents(config)),
    ...(await checkDesktopAgents(config, env)),
  ];
}

function check(name: string, isOk: boolean, detail: string, remedy: string): Check {
  return { name, isOk, detail, remedy: isOk ? "" : remedy };
}

function checkStorage(root: string): Check {
  const folders = new Folders(root);
  const probe = folders.of("tmp", `doctor-${process.pid}`);
  try {
    folders.prepare();
    createWhole(probe, "probe", { isSynced: true, mode: 0o600, flags: "w" });
    rmSync(probe, { force: true });
    syncFolder(dirname(probe));
    return check("storage", true, "runtime/ can be written and synced", "");
  } catch (cause) {
    return check("storage", false, reasonOf(cause), "make runtime/ in the workspace writable for this user");
  }
}

function checkSpace(root: string): Check {
  try {
    const { bavail, bsize } = statfsSync(root);
    const free = bavail * bsize;
    return check(
      "disk",
      free >= ENOUGH_BYTES,
      `${(free / 2 ** 30).toFixed(1)} GiB free`,
      "free some space: without it nothing is accepted",
    );
  } catch (cause) {
    return check("disk", false, reasonOf(cause), "look at the file system of the workspace");
  }
}

/** One line when all is well, else one for each inbox that is not. */
function checkInboxes(root: string, agents: readonly Agent[]): readonly Check[] {
  const broken = agents.flatMap(({ name }) => {
    const folder = join(root, "agent_workspaces", name, "inbox");
    const problem = writeProblem(folder);
    return problem === null
      ? []
      : [check(`inbox of ${name}`, false, problem, `make ${folder} writable for this user`)];
  });
  return broken.length > 0 ? broken : [check("inboxes", true, "can be written", "")];
}

function writeProblem(folder: string): string | null {
  try {
    accessSync(nearestThere(folder), constants.W_OK | constants.X_OK);
    return null;
  } catch (cause) {
    return reasonOf(cause);
  }
}

/** What is missing is made when a message comes. */
function nearestThere(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestThere(dirname(folder));
}

async function checkWorker(root: string): Promise<Check> {
  try {
    const pid = await runningWorker(root);
    return check(
      "worker",
      true,
      pid === null ? "none runs; one starts with the next message" : `process ${pid} runs`,
      "",
    );
  } catch (cause) {
    return check("worker", false, reasonOf(cause), "see runtime/worker.log");
  }
}

function checkParked(root: string): readonly Check[] {
  try {
    const { bad } = readOverview(root, 0);
    if (bad.total === 0) return [];
    return [
      check(
        "parked files",
        false,
        `${bad.total} in runtime/queue/bad`,
        "read the .reason.txt beside each; mend and enqueue it again, or remove it",
      ),
    ];
  } catch (cause) {
    return [check("queue", false, reasonOf(cause), "see that runtime/queue can be read")];
  }
}

/** It is not run: whoever gets it would be told of nothing. What its last run said is known. */
function checkAlertCommand(config: Config): readonly Check[] {
  if (config.alerts.command === null) return [];
  const failure = alertCommandFailure(config);
  const detail =
    failure === null
      ? "its last run did not fail, or it has not run yet"
      : `when ${failure.code} ${failure.event}: ${failure.reason}`;
  return [
    check(
      "alert command",
      failure === null,
      detail,
      "run it by hand in the workspace, with a line on its standard input",
    ),
  ];
}

function checkTmuxAgents({ agents, terminalProfiles }: Config): Promise<readonly Check[]> {
  const named = [...agents.values()].filter((agent): agent is TmuxAgent => agent.transport === "tmux");
  return named.length > 0 ? checkPanes(named, terminalProfiles) : Promise.resolve([]);
}

async function checkDesktopAgents(
  { agents, display }: Config,
  env: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  const onDesktop = [...agents.values()].filter(
    (agent): agent is DesktopAgent => agent.transport === "desktop",
  );
  if (onDesktop.length === 0) return [check("desktop", true, "not needed: no agent uses it", "")];
  return checkDesktop(display ?? (env["DISPLAY"] || null), onDesktop);
}
