import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Workspace } from "../e2e/workspace.ts";
import { enqueue, enqueueEnded, queueOf, SOME_ERROR, workspaceFor } from "./fixture.ts";

const words = async (workspace: Workspace, ...line: readonly string[]) => {
  const { code, stdout, stderr } = await workspace.swarm(["completion", "--words", "--", ...line]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((each) => each.split("\t")[0]);
};

describe("completion", () => {
  it.each<[readonly string[], readonly string[]]>([
    [["se"], ["send", "selftest"]],
    [["--js"], ["--json"]],
    [["--root", "/x", "canc"], ["cancel"]],
    [
      ["send", ""],
      ["Agent-1", "Agent-2"],
    ],
    [["send", "Agent-1", ""], []],
    [["send", "--pri"], ["--priority"]],
    [
      ["send", "--priority", ""],
      ["urgent", "high", "normal"],
    ],
    [["send", "--priority", "high", "Agent-2"], []],
    [
      ["send", "--priority", "high", "Agent-"],
      ["Agent-1", "Agent-2"],
    ],
    [["send", "--", "-"], []],
    [["broadcast", "--to", "b"], ["builders"]],
    [
      ["broadcast", "--to", "Agent-1,"],
      ["Agent-1,Agent-2", "Agent-1,builders"],
    ],
    [["calibrate", "Agent-1", "--profile", "co"], ["codex"]],
    [
      ["config", ""],
      ["show", "schema"],
    ],
    [["config", "show", "--q"], ["--quiet"]],
    [["nonsense", "x"], []],
  ])("of %j is %j", async (line, expected) => {
    const workspace = workspaceFor({ config: { groups: { builders: ["Agent-1"] } } });
    expect(await words(workspace, ...line)).toEqual(expected);
  });

  it("knows the ids of messages that wait or failed, and of those that an agent got", async () => {
    const workspace = workspaceFor();
    const waiting = enqueue(queueOf(workspace));
    const failed = enqueueEnded(queueOf(workspace), { type: "failed", at: Date.now(), error: SOME_ERROR });
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-2", "x"]);
    const all = await words(workspace, "status", "msg_");
    expect(all).toContain(failed);
    expect(all).not.toContain(id);
    expect([waiting, failed]).toEqual(expect.arrayContaining(all.filter((each) => each !== undefined)));
    const own = await workspace.swarm(["completion", "--words", "--", "reply", ""], {
      env: { SWARM_AGENT: "Agent-2" },
    });
    expect(own.stdout).toContain(`${id}\tfrom tester\n`);
  });

  it("completes commands and options also where there is no workspace, or a broken one", async () => {
    const workspace = workspaceFor();
    writeFileSync(workspace.path("swarm.json"), "{");
    expect(await words(workspace, "sen")).toEqual(["send"]);
    expect(await words(workspace, "send", "")).toEqual([]);
  });

  it("works in bash", () => {
    const workspace = workspaceFor();
    const bin = workspace.path("bin");
    mkdirSync(bin);
    writeFileSync(
      `${bin}/swarm`,
      `#!/bin/sh\nexec "${process.execPath}" "${resolve("bin/swarm.js")}" "$@"\n`,
    );
    chmodSync(`${bin}/swarm`, 0o755);
    const script = `source <(swarm completion bash) && COMP_WORDS=(swarm send Agent-) COMP_CWORD=2 && _swarm && echo "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], {
      cwd: workspace.root,
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}` },
      encoding: "utf8",
    });
    expect([stdout, stderr]).toEqual(["Agent-1 Agent-2\n", ""]);
  });

  it("says for which shells there is one", async () => {
    const { code, stderr } = await workspaceFor().swarm(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'swarm: there is no completion for "tcsh"\n  hint: name one: swarm completion bash, zsh, fish\n',
    );
  });
});
