import { describe, expect, it } from "vitest";
import type { Workspace } from "../e2e/workspace.ts";
import { enqueueEnded, normal, queueOf, SOME_ERROR, workspaceFor } from "./fixture.ts";

const DAY_MS = 86_400_000;

/** Ids of a dead letter of 31 days, one of an hour, and an unconfirmed message of 31 days. */
function withDeadLetters(workspace: Workspace): readonly [string, string, string] {
  const queue = queueOf(workspace);
  const ended = (type: "failed" | "unconfirmed", ageMs: number) =>
    enqueueEnded(queue, { type, at: Date.now() - ageMs, error: SOME_ERROR });
  return [ended("failed", 31 * DAY_MS), ended("failed", 3_600_000), ended("unconfirmed", 31 * DAY_MS)];
}

const statusOf = async (workspace: Workspace, id: string) =>
  (await workspace.json<{ status: string }>(["status", id])).status;

describe("purge", () => {
  it("gives up old dead letters, and no others", async () => {
    const workspace = workspaceFor();
    const [old, young, unconfirmed] = withDeadLetters(workspace);
    const { code, stdout, stderr } = await workspace.swarm(["purge", "--yes"]);
    expect([code, stdout, stderr]).toEqual([0, "1 dead letter given up\n", ""]);
    expect(await statusOf(workspace, old)).toBe("cancelled");
    expect(await statusOf(workspace, young)).toBe("failed");
    expect(await statusOf(workspace, unconfirmed)).toBe("unconfirmed");
    expect((await workspace.swarm(["retry-failed", "--older-than", "1d"])).code).toBe(0);
    expect(await statusOf(workspace, old)).toBe("cancelled");
    const story = await workspace.swarm(["status", old]);
    expect(story.stdout).toContain(SOME_ERROR.code);
  });

  it("takes in young ones and unconfirmed ones where that is asked for", async () => {
    const workspace = workspaceFor();
    const ids = withDeadLetters(workspace);
    const argv = ["purge", "--older-than", "10m", "--unconfirmed", "--yes"];
    const { messages } = await workspace.json<{ messages: { id: string; status: string }[] }>(argv);
    expect(messages.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    expect(new Set(messages.map(({ status }) => status))).toEqual(new Set(["cancelled"]));
  });

  it("does nothing where nobody can be asked", async () => {
    const workspace = workspaceFor();
    const [old] = withDeadLetters(workspace);
    for (const argv of [["purge"], ["purge", "--json"]]) {
      const { code, stderr, stdout } = await workspace.swarm(argv);
      expect(code).toBe(2);
      expect(stderr + stdout).toContain(
        "1 dead letter would be given up, and there is no terminal on which to ask",
      );
      expect(stderr + stdout).toContain("--yes");
    }
    expect(await statusOf(workspace, old)).toBe("failed");
  });

  it("says so where there are none, and needs nobody for that", async () => {
    const { code, stdout } = await workspaceFor().swarm(["purge"]);
    expect(code).toBe(0);
    expect(stdout).toContain("there are no such dead letters");
  });

  it("refuses an agent that there is not, and an age that is none", async () => {
    const workspace = workspaceFor();
    expect((await workspace.swarm(["purge", "--agent", "Agent-9"])).code).toBe(3);
    const { code, stderr } = await workspace.swarm(["purge", "--older-than", "old"]);
    expect(code).toBe(2);
    expect(normal(stderr, workspace)).toContain('--older-than is no duration: "old"');
  });
});
