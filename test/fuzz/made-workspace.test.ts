import { symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Command, commandIn } from "./command.ts";
import { Fence } from "./fence.ts";

// A machine that does much else takes its time.
vi.setConfig({ testTimeout: 120_000 });

describe("swarm init", () => {
  let fence: Fence;
  let command: Command;
  beforeEach(() => {
    fence = new Fence([]);
    command = commandIn(fence.root);
  });
  afterEach(() => {
    command.restore();
    fence.remove();
  });

  test("makes nothing that others may use, whatever the umask", async () => {
    expect((await command.run(["--root", fence.path("new"), "init", "--agents", "2"])).code).toBe(0);
    fence.check();
  });

  test.each(["agent_workspaces", "agent_workspaces/Agent-1"])(
    "makes nothing behind a link in the place of %s",
    async (place) => {
      await command.run(["init", "--agents", "2"]);
      fence.replace(place, (path) => symlinkSync(fence.folder, path));
      const { code, err } = await command.run(["init", "--agents", "2"]);
      expect([code, err]).toEqual([75, expect.stringContaining("leads out of the workspace")]);
      fence.check();
    },
  );
});
