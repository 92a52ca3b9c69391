import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runShell, type ShellRequest } from "../../src/support/run-shell.ts";
import { freshRoot } from "../delivery/fresh-folder.ts";
import { until } from "../desktop-fixture/until.ts";

const NEVER = new AbortController().signal;

function request(command: string, parts: Partial<ShellRequest> = {}): ShellRequest {
  return { command, cwd: freshRoot(), input: "", limitMs: 10_000, graceMs: 500, ...parts };
}

async function pidIn(path: string): Promise<number> {
  return until(`${path} holds a process id`, () => {
    try {
      return Number(readFileSync(path, "utf8").trim()) || false;
    } catch {
      return false;
    }
  });
}

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

test("a command line reads its input, with all that a shell can do, in the folder it is given", async () => {
  const asked = request("tr a-z A-Z > got && echo done; pwd >&2", { input: "hello\n" });
  const end = await runShell(asked, NEVER);
  expect(end).toMatchObject({ kind: "ended", code: 0, signal: null });
  expect(readFileSync(join(asked.cwd, "got"), "utf8")).toBe("HELLO\n");
  expect(end.kind === "ended" && end.output).toContain(asked.cwd);
});

test("a command that fails, or that there is not, is told with what it said", async () => {
  expect(await runShell(request("echo no route >&2; exit 7"), NEVER)).toEqual({
    kind: "ended",
    code: 7,
    signal: null,
    output: "no route",
  });
  expect(await runShell(request("kill -9 $$"), NEVER)).toMatchObject({ code: null, signal: "SIGKILL" });
  const missing = await runShell(request("no-such-program-here"), NEVER);
  expect(missing).toMatchObject({ kind: "ended", code: 127 });
  expect(missing.kind === "ended" && missing.output).toContain("no-such-program-here");
});

test("a shell that can't be started is told, and a command that no system would take", async () => {
  expect(await runShell(request("true", { cwd: "/no/such/folder" }), NEVER)).toMatchObject({
    kind: "not_started",
    reason: expect.stringContaining("ENOENT"),
  });
  expect(await runShell(request("a\0b"), NEVER)).toMatchObject({ kind: "not_started" });
});

test("a command need not read its input, however long that is", async () => {
  const end = await runShell(request("true", { input: "x".repeat(1 << 22) }), NEVER);
  expect(end).toMatchObject({ kind: "ended", code: 0 });
});

test("of what a command prints without end the last words are kept", async () => {
  const end = await runShell(request("seq 1 200000; echo the end"), NEVER);
  expect(end.kind === "ended" && end.output.length).toBeLessThanOrEqual(500);
  expect(end.kind === "ended" && end.output).toMatch(/200000\nthe end$/);
});

test("a command that leaves something in the background has ended, and that lives on", async () => {
  const asked = request("sleep 60 & echo $! > pid");
  const end = await runShell(asked, NEVER);
  expect(end).toMatchObject({ kind: "ended", code: 0 });
  const pid = await pidIn(join(asked.cwd, "pid"));
  expect(isRunning(pid)).toBe(true);
  process.kill(pid, "SIGKILL");
});

test("a command that takes too long is asked to end, and its children with it", async () => {
  const asked = request("sh -c 'echo $$ > child; exec sleep 60' & sleep 61", {
    limitMs: 300,
    graceMs: 20_000,
  });
  const startedAt = performance.now();
  expect(await runShell(asked, NEVER)).toEqual({ kind: "too_slow", output: "" });
  // Not the whole grace: nothing ignored the signal.
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  expect(isRunning(await pidIn(join(asked.cwd, "child")))).toBe(false);
});

test("a command that ignores SIGTERM, as its children do, is killed with them after the grace", async () => {
  const deaf = `trap "" TERM; echo $$ > NAME; echo deaf; while :; do sleep 1; done`;
  const child = deaf.replace("NAME", "child");
  const asked = request(`sh -c '${child}' & ${deaf.replace("NAME", "parent")}`, { limitMs: 300 });
  expect(await runShell(asked, NEVER)).toMatchObject({ kind: "too_slow" });
  for (const name of ["parent", "child"]) {
    const pid = await pidIn(join(asked.cwd, name));
    await until(`${name} is gone`, () => !isRunning(pid));
  }
});

test("a command is ended when it is given up, also before it began", async () => {
  const giveUp = new AbortController();
  const running = runShell(request("sleep 60"), giveUp.signal);
  giveUp.abort();
  expect(await running).toEqual({ kind: "given_up", output: "" });
  expect(await runShell(request("sleep 60"), giveUp.signal)).toMatchObject({ kind: "given_up" });
});
