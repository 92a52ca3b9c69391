import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../src/library/failure.ts";
import { enqueue, queueOf, workspaceFor } from "./fixture.ts";

const COMMAND = `"${process.execPath}" "${resolve(import.meta.dirname, "../../bin/swarm.js")}"`;
const isUtilLinux = process.platform === "linux";

type Workspace = ReturnType<typeof workspaceFor>;

function shell(script: string, { root }: Workspace, env: NodeJS.ProcessEnv = {}) {
  const all = { ...process.env, SWT_WORKSPACE: root, TERM: "xterm", ...env };
  return spawnSync("sh", ["-c", script], { cwd: root, env: all, encoding: "utf8" });
}

/** What a terminal of 80 columns shows. */
function onTerminal(words: string, workspace: Workspace, env: NodeJS.ProcessEnv = {}): string {
  const inner = `stty cols 80; ${COMMAND} ${words}`;
  return shell(`script -qec '${inner.replaceAll("'", "'\\''")}' /dev/null`, workspace, env).stdout;
}

const ESCAPE = "\u001b[";

describe.runIf(isUtilLinux)("on a terminal", () => {
  it("results are coloured", () => {
    const workspace = workspaceFor();
    expect(onTerminal("send Agent-1 hello", workspace)).toContain(`${ESCAPE}32mdelivered${ESCAPE}39m`);
  });

  it.each([
    ["with --no-color", "--no-color", {}],
    ["with NO_COLOR", "", { NO_COLOR: "1" }],
    ["with --json", "--json", {}],
  ])("they are not %s", (_, flag, env) => {
    const workspace = workspaceFor();
    expect(onTerminal(`status ${flag}`, workspace, env)).not.toContain(ESCAPE);
  });

  it("a broadcast that takes a while shows how far it is, and cleans up", () => {
    const config = {
      agents: { D: { transport: "desktop", window: { title: "x" }, input: { x: 1, y: 1, from: "screen" } } },
    };
    const workspace = workspaceFor({ config, env: { DISPLAY: "" } });
    const output = onTerminal("broadcast hello", workspace, { DISPLAY: "" });
    expect(output).toContain(`\r${ESCAPE}K2 of 3 delivered; waiting for the rest`);
    expect(output).toMatch(/\r\u001b\[KAgent-1|\r\u001b\[KD /);
  });

  it("errors are broken at blanks", () => {
    const output = onTerminal("send Nobody hello", workspaceFor());
    expect(output.split("\r\n").filter((line) => line.length > 80)).toEqual([]);
    expect(output).toContain("swarm: there is no agent Nobody");
  });

  it("without a text and nothing piped in explains how to give one", () => {
    expect(onTerminal("send Agent-1", workspaceFor())).toContain(
      "swarm: there is no message; nothing was queued",
    );
  });
});

describe("elsewhere", () => {
  it("nothing is coloured or animated", async () => {
    const workspace = workspaceFor();
    const { stdout, stderr } = await workspace.swarm(["broadcast", "hello"]);
    expect(stdout + stderr).not.toContain(ESCAPE);
  });

  it("a reader that ends early does not disturb the command", () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    for (let count = 0; count < 30; count += 1) enqueue(queue, { body: "x".repeat(20_000) });
    const script = `{ ${COMMAND} config schema; echo "ended with $?" >&2; } | head -c 1`;
    const { stdout, stderr } = shell(script, workspace);
    expect(stdout).toBe("{");
    expect(stderr).toBe("ended with 0\n");
  });

  it("a closed standard output or error is no reason to fail", () => {
    const workspace = workspaceFor();
    expect(shell(`${COMMAND} send Agent-1 hello >&-`, workspace).status).toBe(0);
    expect(shell(`${COMMAND} send Nobody hello 2>&-`, workspace).status).toBe(3);
  });

  it("standard input that is closed is no text", () => {
    const { status, stderr } = shell(`${COMMAND} send Agent-1 <&-`, workspaceFor());
    expect(stderr).toContain("nothing was queued");
    expect(status).toBe(2);
  });

  it("a slow writer on standard input is waited for", () => {
    const workspace = workspaceFor();
    const { stdout } = shell(
      `{ printf a; sleep 0.3; printf b; } | ${COMMAND} send Agent-1 --json`,
      workspace,
    );
    const { id } = JSON.parse(stdout);
    expect(shell(`${COMMAND} read ${id}`, workspace).stdout).toBe("ab");
  });
});

it("an unexpected exception is a bug with 70, its stack, and how to report it", () => {
  expect(failureOf(new TypeError("x is not a function"))).toEqual({
    exitCode: 70,
    code: "internal",
    message: "this is a bug in swarm: x is not a function",
    hint: expect.stringContaining("report it"),
    stack: expect.stringContaining("streams.test.ts"),
  });
});
