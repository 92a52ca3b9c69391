import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StatusJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

describe("what is refused at the door", () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = createWorkspace({ agents: ["Agent-1", "Agent-2"] });
  });
  afterAll(() => workspace.remove());

  async function nothingWasAccepted(): Promise<void> {
    const { counts } = await workspace.json<StatusJson>(["status"]);
    expect(Object.values(counts).every((count) => count === 0)).toBe(true);
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
  }

  it.each([
    ["..", 2],
    ["a/b", 2],
    ["../../etc", 2],
    ["", 2],
    ["Agent-1\n..", 2],
    ["agent-1", 3],
    ["Agent-11", 3],
  ])("refuses a message to %j", async (name, code) => {
    for (const args of [
      ["send", "--", name, "hello"],
      ["broadcast", "hello", "--to", `Agent-1,${name}`],
    ]) {
      if (name === "" && args[0] === "broadcast") continue;
      const ended = await workspace.swarm(args);
      expect([args, ended.code, ended.stdout]).toEqual([args, code, ""]);
      expect(ended.stderr).not.toBe("");
    }
    await nothingWasAccepted();
  });

  it("refuses a name that looks like an option, wherever it stands", async () => {
    expect((await workspace.swarm(["send", "-x", "hello"])).code).toBe(2);
    expect((await workspace.swarm(["send", "--", "-x", "hello"])).code).toBe(2);
    await nothingWasAccepted();
  });

  it("names the agent that is nearest to an unknown one", async () => {
    expect((await workspace.swarm(["send", "Agent-11", "hello"])).stderr).toContain("Agent-1");
  });

  it.each<[string, readonly string[], Uint8Array]>([
    ["an empty text", ["send", "Agent-1", ""], Buffer.alloc(0)],
    ["empty standard input", ["send", "Agent-1", "-"], Buffer.alloc(0)],
    ["a broadcast of nothing", ["broadcast", ""], Buffer.alloc(0)],
    ["a text of 2 MiB", ["send", "Agent-1", "-"], Buffer.alloc(2 * 1024 * 1024, "a")],
    ["bytes that are not UTF-8", ["send", "Agent-1", "-"], Buffer.from([0x61, 0xff, 0xfe, 0x62])],
    ["a character cut in half", ["broadcast", "-"], Buffer.from("€").subarray(0, 2)],
  ])("refuses %s", async (_, args, input) => {
    const ended = await workspace.swarm(args, { input });
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    expect(ended.stderr).not.toBe("");
    await nothingWasAccepted();
  });

  it("refuses files that are too large, not UTF-8 or not there", async () => {
    writeFileSync(workspace.path("large.txt"), Buffer.alloc(2 * 1024 * 1024, "a"));
    writeFileSync(workspace.path("latin1.txt"), Buffer.from([0xe4, 0xf6, 0xfc]));
    for (const [file, why] of [
      ["large.txt", "2097152 bytes"],
      ["latin1.txt", "UTF-8"],
      ["missing.txt", "missing.txt"],
    ] as const) {
      const ended = await workspace.swarm(["send", "Agent-1", "--file", file]);
      expect([file, ended.code]).toEqual([file, 2]);
      expect(ended.stderr).toContain(why);
    }
    await nothingWasAccepted();
  });

  it("made no path of a refused name", () => {
    expect(readdirSync(workspace.path("agent_workspaces")).toSorted()).toEqual(["Agent-1", "Agent-2"]);
    expect(existsSync(workspace.path("inbox"))).toBe(false);
  });
});
