import { existsSync, readdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openStore } from "../../src/app/compose.ts";
import { holdWorkerPipe } from "../../src/app/worker-pipe.ts";
import { NAME } from "../../src/domain/agent.ts";
import { messageLine } from "../../src/spool/message-file.ts";
import { aMessage } from "../delivery/messages.ts";
import { type Command, commandIn } from "./command.ts";
import { Fence } from "./fence.ts";
import { hostileName } from "./mutated.ts";
import { configOf, deliverAll } from "./workspace-parts.ts";

// A machine that does much else takes its time.
vi.setConfig({ testTimeout: 120_000 });

/** Names like any other, which mean something to JavaScript or to some system. */
const ODD = ["constructor", "toString", "hasOwnProperty", "CON", "nul", "COM1.txt", "a".repeat(64)];
const HOSTILE = [...new Set(fc.sample(hostileName, { numRuns: 1000, seed: 1 }))].filter(
  (name) => !NAME.test(name),
);

let fence: Fence;
let command: Command;
let release: () => void;
beforeEach(() => {
  fence = new Fence(ODD);
  command = commandIn(fence.root);
  openStore(configOf(fence.root)).interrupted(); // makes the folders
  // Commands then take it that a worker runs, and start none.
  release = holdWorkerPipe(fence.root);
});
afterEach(() => {
  release();
  command.restore();
  fence.remove();
});

describe("names of agents", () => {
  test.each(ODD)("%s is an agent like any other", async (name) => {
    expect((await command.run(["send", name, "hello", "--no-wait"])).code).toBe(0);
    const status = JSON.parse((await command.run(["status", "--json"])).out) as {
      agents: Record<string, { queued: number; failed: number }>;
    };
    const counts = Object.entries(status.agents).map(([agent, { queued, failed }]) => [
      agent,
      queued,
      failed,
    ]);
    expect(counts.toSorted()).toEqual(ODD.map((agent) => [agent, Number(agent === name), 0]).toSorted());
    expect((await command.run(["inbox", name])).code).toBe(0);
  });

  test.each(HOSTILE)("%j is refused, and nothing is made of it", async (name) => {
    const before = readdirSync(fence.path("agent_workspaces")).toSorted();
    for (const args of [
      ["send", "--no-wait", "--", name, "hello"],
      ["inbox", "--", name],
      ["broadcast", "hello", `--to=${name}`, "--no-wait"],
    ]) {
      const { code, out } = await command.run(args);
      expect([args, [2, 3].includes(code), out]).toEqual([args, true, ""]);
    }
    expect(readdirSync(fence.path("agent_workspaces")).toSorted()).toEqual(before);
    expect(readdirSync(fence.path("runtime/queue/new"))).toEqual([]);
    expect(existsSync("/tmp/outside")).toBe(false);
    fence.check();
  });

  test("no path is built from a recipient in a file of the queue", () => {
    const spool = openStore(configOf(fence.root));
    for (const recipient of [...HOSTILE, ...ODD]) {
      const file = fence.path(
        "runtime/queue/new",
        "2-1767323045678000-msg_20260102_030405_0123abcd-Agent-1.msg",
      );
      writeFileSync(file, messageLine(aMessage({ recipient })), { mode: 0o600 });
      deliverAll(spool, fence.root);
      fence.check();
    }
    expect(readdirSync(fence.path("runtime/queue/done"))).toEqual([]);
  });
});
