import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { checkOutput } from "../e2e/output-schema.ts";
import type { Workspace } from "../e2e/workspace.ts";
import { breakInbox, workspaceFor } from "./fixture.ts";

interface Answer {
  readonly line: number;
  readonly ref?: unknown;
  readonly id?: string;
  readonly status?: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const answersIn = (text: string) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const answer: unknown = JSON.parse(line);
      checkOutput(["send"], answer);
      return answer as Answer;
    });

async function stream(workspace: Workspace, lines: readonly unknown[], ...args: readonly string[]) {
  const input = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const { code, stdout, stderr } = await workspace.swarm(["send", "--stdin-ndjson", ...args], { input });
  expect(stderr).toBe("");
  return { code, answers: answersIn(stdout).toSorted((a, b) => a.line - b.line) };
}

describe("send --stdin-ndjson", () => {
  it("answers each line when its message has ended, and passes on what the line refers to", async () => {
    const workspace = workspaceFor();
    const lines = Array.from({ length: 200 }, (_, i) => ({
      recipient: `Agent-${(i % 2) + 1}`,
      body: `text ${i}`,
      ref: { job: i },
    }));
    const { code, answers } = await stream(workspace, lines, "--from", "Captain");
    expect(code).toBe(0);
    expect(answers.map(({ line, ref, status }) => ({ line, ref, status }))).toEqual(
      lines.map(({ ref }, i) => ({ line: i + 1, ref, status: "delivered" })),
    );
    expect(workspace.inboxFiles("Agent-1").length + workspace.inboxFiles("Agent-2").length).toBe(200);
    const { stdout } = await workspace.swarm(["read", answers[7]?.id ?? ""]);
    expect(stdout).toBe("text 7");
  });

  it("refuses the lines that make no sense, each with its reason, and delivers the others", async () => {
    const workspace = workspaceFor();
    const { code, answers } = await stream(workspace, [
      {
        recipient: "Agent-1",
        body: "one",
        priority: "urgent",
        sender: "x",
        raw: true,
        expires: "5m",
        key: "k",
      },
      "{",
      "",
      { recipient: "Agent-11", body: "x" },
      { recipient: "../../x", body: "x" },
      { recipient: "Agent-1", bdoy: "x" },
      { recipient: "Agent-1", body: " " },
      { recipient: "Agent-1", body: "x", priority: "soon" },
      { recipient: "Agent-1", body: "another", key: "k" },
      { recipient: "Agent-2", body: "last" },
    ]);
    expect(code).toBe(2);
    expect(answers.map(({ line, status, error }) => [line, status ?? error?.code])).toEqual([
      [1, "delivered"],
      [2, "usage"],
      [4, "unknown_name"],
      [5, "usage"],
      [6, "usage"],
      [7, "usage"],
      [8, "usage"],
      [9, "usage"],
      [10, "delivered"],
    ]);
    expect(answers[4]?.error).toMatchObject({ hint: expect.stringContaining("did you mean body?") });
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(1);
  });

  it("answers while its input is still open, and with --no-wait as soon as a message is accepted", async () => {
    for (const [args, status] of [
      [[], "delivered"],
      [["--no-wait"], "queued"],
    ] as const) {
      const workspace = workspaceFor();
      const command = [resolve("bin/swarm.js"), "send", "--stdin-ndjson", ...args];
      const env = { ...process.env, SWT_WORKSPACE: workspace.root };
      const child = spawn(process.execPath, command, { cwd: workspace.root, env });
      onTestFinished(() => void child.kill("SIGKILL"));
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      for (const body of ["one", "two"]) {
        child.stdin.write(`${JSON.stringify({ recipient: "Agent-1", body })}\n`);
        await until(`${body} is answered`, () => answersIn(output).length === (body === "one" ? 1 : 2));
      }
      expect(answersIn(output).map((answer) => answer.status)).toEqual([status, status]);
      await until("both are delivered", () => workspace.inboxFiles("Agent-1").length === 2);
      const ended = new Promise((end) => child.on("close", end));
      child.stdin.end();
      expect(await ended).toBe(0);
    }
  });

  it("ends with the code that applies first, and says what still waits when the time is over", async () => {
    const workspace = workspaceFor({
      config: {
        delivery: { attempts: 1 },
      },
    });
    breakInbox(workspace, "Agent-2");
    const failing = [
      { recipient: "Agent-1", body: "x" },
      { recipient: "Agent-2", body: "x" },
    ];
    expect((await stream(workspace, failing)).code).toBe(1);
    await workspace.swarm(["pause", "Agent-1"]);
    const late = await stream(workspace, [{ recipient: "Agent-1", body: "x" }], "--timeout", "1s");
    expect([late.code, late.answers[0]?.status]).toEqual([4, "queued"]);
  });

  it("passes over a line that is too long, and goes on behind it", async () => {
    const workspace = workspaceFor({ config: { delivery: { maxBytes: 1_000 } } });
    const long = { recipient: "Agent-1", body: "x".repeat(300_000) };
    const { code, answers } = await stream(workspace, [long, { recipient: "Agent-1", body: "short" }]);
    expect(code).toBe(2);
    expect(answers.map(({ line, status, error }) => [line, status ?? error?.code])).toEqual([
      [1, "usage"],
      [2, "delivered"],
    ]);
  });

  it("takes no agent and no text beside its lines", async () => {
    const workspace = workspaceFor();
    for (const args of [["Agent-1"], ["Agent-1", "x"], ["--file", "x"]]) {
      const { code, stdout } = await workspace.swarm(["send", "--stdin-ndjson", ...args], { input: "" });
      expect([code, stdout]).toEqual([2, ""]);
    }
  });
});
