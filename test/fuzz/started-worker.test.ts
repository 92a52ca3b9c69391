import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endLeaked, leakedProcesses } from "../setup/leaks.ts";
import { Fence } from "./fence.ts";
import { OBSTACLES } from "./links.ts";

// A machine that does much else takes its time.
vi.setConfig({ testTimeout: 120_000 });

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
/** What a sender and the worker that it starts leave for each other. */
const PLACES = ["worker.log", "queue/worker.starting", "queue/worker.pipe", "queue/worker.sock"];

let fence: Fence;
beforeEach(() => {
  fence = new Fence();
});
afterEach(async () => {
  endLeaked(await leakedProcesses(`SWT_WORKSPACE=${fence.root}`, 0));
  fence.remove();
});

test.each(Object.entries(OBSTACLES))("a worker is started, and delivers, with %s in its way", (_, put) => {
  for (const place of PLACES) fence.replace(`runtime/${place}`, (path) => put(path, fence));
  const { status, stderr } = spawnSync(
    process.execPath,
    [COMMAND, "send", "Agent-1", "hello", "--timeout", "60s"],
    {
      ...{ cwd: fence.root, env: { ...process.env, SWT_WORKSPACE: fence.root } },
      ...{ encoding: "utf8", timeout: 90_000, killSignal: "SIGKILL" },
    },
  );
  expect([status, stderr]).toEqual([0, ""]);
  fence.check();
});
