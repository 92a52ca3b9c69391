/** Real workers with planted failures, short windows, and commands that are run. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { systemClock } from "../../src/app/system-world.ts";
import { AlertWatch } from "../../src/delivery/alert-watch.ts";
import { MetricsRecorder } from "../../src/delivery/metrics-recorder.ts";
import { deadLettersOf } from "../../src/spool/dead-letter-look.ts";
import { runShell } from "../../src/support/run-shell.ts";
import { breakInbox, enqueue, queueOf, workspaceFor } from "../cli/fixture.ts";
import { inboxAgent } from "../delivery/fake-world.ts";
import { aWorld } from "../delivery/running-worker.ts";
import { until } from "../desktop-fixture/until.ts";
import { checkAgainst } from "../e2e/output-schema.ts";
import { kill, type Workspace } from "../e2e/workspace.ts";
import { endWorker, logged } from "./background.ts";

/** The window is long, so that nothing clears by itself while a busy machine takes its time: see `leaveWindow`. */
const OFF = { window: "1h", failureRate: 1, retryRate: 1, failedFor: "90d" };
const TELL = "cat >> told.ndjson";

interface Told {
  readonly event: string;
  readonly alert: { readonly code: string };
  readonly since: string;
  readonly root: string;
}

/** One of the alerts, and what it runs; one attempt unless the test needs more. */
function workspaceWith(alerts: object, delivery: object = { attempts: 1 }): Workspace {
  return workspaceFor({ config: { alerts: { ...OFF, command: TELL, ...alerts }, delivery } });
}

/** All that has ended lies behind the window now. */
function leaveWindow(workspace: Workspace, alerts: object): void {
  workspace.writeConfig({ alerts: { ...OFF, command: TELL, ...alerts, window: "1s" } });
}

function told(workspace: Workspace): readonly Told[] {
  const path = workspace.path("told.ndjson");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const notice = JSON.parse(line) as Told;
    checkAgainst("alert_notice", notice);
    expect(notice.root).toBe(workspace.root);
    return notice;
  });
}

function toldEvents(workspace: Workspace): readonly string[] {
  return told(workspace).map(({ event, alert }) => `${event} ${alert.code}`);
}

async function hasTold(workspace: Workspace, ...events: readonly string[]): Promise<void> {
  await until(
    `the command was told ${events.join(", ")}`,
    () => toldEvents(workspace).length >= events.length,
  );
  expect(toldEvents(workspace)).toEqual(events);
}

function mendInbox(workspace: Workspace, agent: string): void {
  rmSync(workspace.path("agent_workspaces", agent, "inbox"));
}

async function codesOf(workspace: Workspace): Promise<readonly string[]> {
  const { alerts } = await workspace.json<{ alerts: { code: string }[] }>(["status", "--check"]);
  return alerts.map(({ code }) => code);
}

describe("an alert fires once, is told once, and clears once", () => {
  it("when messages fail", async () => {
    const workspace = workspaceWith({ failureRate: 0.01 });
    breakInbox(workspace, "Agent-1");
    expect((await workspace.swarm(["send", "Agent-1", "x"])).code).toBe(1);
    // Whoever has heard of the failure finds the alert.
    expect(await codesOf(workspace)).toEqual(["failure_rate"]);
    await workspace.swarm(["send", "Agent-1", "y"]);
    await hasTold(workspace, "fired failure_rate");
    const [fired] = told(workspace);
    const { alerts } = await workspace.json<{ alerts: { since: string }[] }>(["status"]);
    expect(alerts.map(({ since }) => since)).toEqual([fired?.since]);
    expect((await workspace.swarm(["status"])).stdout).toMatch(
      /^alert: for [\d.]+ (ms|s|min): 100 % of messages/m,
    );
    leaveWindow(workspace, { failureRate: 0.01 });
    await hasTold(workspace, "fired failure_rate", "cleared failure_rate");
    expect(told(workspace)[1]?.since).toBe(fired?.since);
    expect((await workspace.swarm(["status", "--check"])).stdout).toBe("no alert fires\n");
    const { events } = await workspace.json<{ events: { event: string; code?: string }[] }>(["log"]);
    const ofAlerts = events.filter(({ event }) => event.startsWith("alert_"));
    expect(ofAlerts.map(({ event, code }) => `${event} ${code}`)).toEqual([
      "alert_fired failure_rate",
      "alert_cleared failure_rate",
    ]);
  });

  it("when a message needs another attempt", async () => {
    const delivery = { attempts: 3, backoff: { initial: "1s", factor: 1, max: "1s" } };
    const workspace = workspaceWith({ retryRate: 0.05 }, delivery);
    breakInbox(workspace, "Agent-1");
    await workspace.swarm(["send", "Agent-1", "x", "--no-wait"]);
    await until(
      "an attempt has failed",
      () => existsLog(workspace) && logged(workspace.root, "put_off").length > 0,
    );
    mendInbox(workspace, "Agent-1");
    await hasTold(workspace, "fired retry_rate");
    leaveWindow(workspace, { retryRate: 0.05 });
    await hasTold(workspace, "fired retry_rate", "cleared retry_rate");
  });

  it("when a dead letter lies too long, however often it is retried in vain", async () => {
    const workspace = workspaceWith({ failedFor: "1s" });
    breakInbox(workspace, "Agent-1");
    await workspace.swarm(["send", "Agent-1", "x"]);
    expect(await codesOf(workspace)).toEqual([]);
    await hasTold(workspace, "fired failed_for");
    expect((await workspace.swarm(["retry-failed"])).code).toBe(1);
    expect(await codesOf(workspace)).toEqual(["failed_for"]);
    mendInbox(workspace, "Agent-1");
    expect((await workspace.swarm(["retry-failed"])).code).toBe(0);
    // Also before the worker has looked again.
    expect(await codesOf(workspace)).toEqual([]);
    await hasTold(workspace, "fired failed_for", "cleared failed_for");
  });
});

function existsLog({ root }: Workspace): boolean {
  return existsSync(join(root, "runtime/worker.log"));
}

describe("a worker that is killed", () => {
  it("has told what it told: the next one tells only the end", async () => {
    const workspace = workspaceWith({ failedFor: "1s" });
    breakInbox(workspace, "Agent-1");
    await workspace.swarm(["send", "Agent-1", "x"]);
    await hasTold(workspace, "fired failed_for");
    await endWorker(workspace.root, "SIGKILL");
    expect(await codesOf(workspace)).toEqual(["failed_for"]);
    await workspace.swarm(["send", "Agent-2", "starts another one"]);
    mendInbox(workspace, "Agent-1");
    await workspace.swarm(["retry-failed"]);
    await hasTold(workspace, "fired failed_for", "cleared failed_for");
    expect(logged(workspace.root, "started")).toHaveLength(2);
    expect(logged(workspace.root, "alert_fired")).toHaveLength(1);
  });

  it("while the command runs has told it for all that anybody knows: it is not told again, and the log says so", async () => {
    const workspace = workspaceWith({ failureRate: 0.01, command: `${TELL}; sleep 5; cat /nothing` });
    breakInbox(workspace, "Agent-1");
    await workspace.swarm(["send", "Agent-1", "x"]);
    await hasTold(workspace, "fired failure_rate");
    await endWorker(workspace.root, "SIGKILL");
    await workspace.swarm(["send", "Agent-2", "starts another one"]);
    await until("the next worker says so", () => logged(workspace.root, "alert_command_failed").length === 1);
    expect(logged(workspace.root, "alert_command_failed")[0]).toContain("the worker was killed");
    // One more look of that worker, and what it would tell by then.
    const looked = logged(workspace.root, "delivered").length;
    await workspace.swarm(["send", "Agent-2", "y"]);
    await until("it went on", () => logged(workspace.root, "delivered").length > looked);
    expect(toldEvents(workspace)).toEqual(["fired failure_rate"]);
  });
});

describe("a command that fails", () => {
  it("stops no delivery, and is told by status, doctor and the log until one succeeds", async () => {
    const workspace = workspaceWith({
      failureRate: 0.01,
      command: "echo no route >&2; exit 7",
    });
    breakInbox(workspace, "Agent-1");
    await workspace.swarm(["send", "Agent-1", "x"]);
    await until("it has failed", () => logged(workspace.root, "alert_command_failed").length > 0);
    const { alert_command } = await workspace.json<{ alert_command: object }>(["status"]);
    const reason = "the command ended with 7; it said: no route";
    expect(alert_command).toMatchObject({ code: "failure_rate", event: "fired", reason });
    expect((await workspace.swarm(["status"])).stdout).toContain("the alert command failed ");
    const doctor = await workspace.swarm(["doctor"]);
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining(reason)]);
    expect((await workspace.swarm(["send", "Agent-2", "x"])).code).toBe(0);
    // Of another command nothing is known.
    leaveWindow(workspace, { failureRate: 0.01 });
    expect(await workspace.json(["status"])).toMatchObject({ alert_command: null });
    await hasTold(workspace, "cleared failure_rate");
    expect(await workspace.json(["status"])).toMatchObject({ alert_command: null });
  });

  it("by never ending, deaf to all, keeps a draining worker for ten seconds, and is killed with its children", async () => {
    const deaf = `trap "" TERM; echo $$ > NAME; while :; do sleep 1; done`;
    const command = `sh -c '${deaf.replace("NAME", "child")}' & ${deaf.replace("NAME", "parent")}`;
    const workspace = workspaceWith({ failureRate: 0.01, command });
    breakInbox(workspace, "Agent-1");
    enqueue(queueOf(workspace));
    const startedAt = performance.now();
    const { code } = await workspace.swarm(["worker", "--drain"]);
    const tookMs = performance.now() - startedAt;
    expect(code).toBe(0);
    expect([tookMs > 9000, tookMs < 20_000]).toEqual([true, true]);
    expect(logged(workspace.root, "alert_command_failed")[0]).toContain("was ended");
    for (const name of ["parent", "child"]) {
      const pid = Number(readFileSync(workspace.path(name), "utf8"));
      await until(`${name} is gone`, () => !existsSync(`/proc/${pid}/cmdline`) || isEmpty(pid));
    }
    expect(workspace.processes()).toEqual([]);
  });
});

/** Ended, and not yet reaped. */
function isEmpty(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") === "";
  } catch {
    return true;
  }
}

test("a worker without work stays until a dead letter that will be too old is told, and ends then", async () => {
  const world = aWorld({ agents: [inboxAgent("A")], settings: { retry: ONE_ATTEMPT } });
  const path = (name: string) => join(world.root, "runtime", name);
  const { log } = world;
  const clock = systemClock;
  const rules = { failureRate: 1, retryRate: 1, failedForMs: 1500, windowMs: 3_600_000, command: TELL };
  const metrics = new MetricsRecorder({
    path: path("metrics.json"),
    clock,
    log,
    windowMs: () => rules.windowMs,
  });
  const alerts = new AlertWatch({
    root: world.root,
    path: path("alerts.json"),
    clock,
    log,
    settings: () => rules,
    metrics,
    deadLetters: deadLettersOf(world.root),
    run: runShell,
  });
  world.deps = {
    alerts,
    onSettled: (message, state) => {
      metrics.settled(message, state);
      alerts.settled(message.id, state);
    },
  };
  mkdirSync(join(world.root, "agent_workspaces", "A"), { recursive: true });
  writeFileSync(join(world.root, "agent_workspaces", "A", "inbox"), "in the way");
  const message = world.accept({ recipient: "A" });
  expect(await world.work(100).ended).toBe("idle");
  expect(world.stateOf(message).status).toBe("failed");
  expect(JSON.parse(readFileSync(join(world.root, "told.ndjson"), "utf8"))).toMatchObject({
    event: "fired",
    alert: { code: "failed_for" },
  });
});

const ONE_ATTEMPT = { attempts: 1, backoff: { initialMs: 1, factor: 1, maxMs: 1 } };

test("without a worker status goes on from what the last one saw: a rate that wavers still fires, since its beginning", async () => {
  const workspace = workspaceWith({ failureRate: 0.01, command: null });
  await workspace.swarm(["send", "Agent-1", "x"]);
  const pid = await workspace.workerPid();
  if (pid !== null) kill(pid, "SIGTERM");
  await until("the worker has ended", () => workspace.processes().length === 0);
  const at = Date.now() - 1000;
  const since = at - 60_000;
  const slice = { at, ended: 125, delivered: 124, retried: 0, recovered: 0 };
  const metrics = { schema: 1, slices: [slice], deliveries: [], lockWaits: [] };
  writeFileSync(workspace.path("runtime", "metrics.json"), JSON.stringify(metrics));
  expect(await codesOf(workspace)).toEqual([]);
  const incident = { code: "failure_rate", since, isTold: false, ids: [] };
  const record = { schema: 1, incidents: [incident], untold: [], telling: null, failure: null };
  writeFileSync(workspace.path("runtime", "alerts.json"), JSON.stringify(record));
  const { alerts } = await workspace.json<{ alerts: object[] }>(["status", "--check"]);
  expect(alerts).toEqual([
    {
      code: "failure_rate",
      message:
        "0.8 % of messages were not delivered; the limit is 1 %, and the alert ends at 0.5 %; see why: swarm log",
      since: new Date(since).toISOString(),
    },
  ]);
});
