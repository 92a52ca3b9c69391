import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MessageEvent } from "../../src/domain/events.ts";
import { breakInbox, enqueue, enqueueEnded, normal, queueOf, SOME_ERROR, workspaceFor } from "./fixture.ts";

const failed = (at = Date.now()): MessageEvent => ({ type: "failed", at, error: SOME_ERROR });
const unconfirmed = (): MessageEvent => ({ type: "unconfirmed", at: Date.now(), error: SOME_ERROR });

describe("retry-failed", () => {
  it("prints nothing and exits with 0 when there is nothing to retry, for cron", async () => {
    const workspace = workspaceFor();
    enqueueEnded(queueOf(workspace), unconfirmed());
    expect(await workspace.swarm(["retry-failed"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await workspace.json(["retry-failed"])).toMatchObject({
      schema: 1,
      counts: { delivered: 0 },
      messages: [],
    });
  });

  it("delivers what had failed, and tells a line for each", async () => {
    const workspace = workspaceFor({ config: { delivery: { attempts: 1 } } });
    breakInbox(workspace, "Agent-2");
    await workspace.swarm(["send", "Agent-2", "hello"]);
    rmSync(workspace.path("agent_workspaces", "Agent-2", "inbox"));
    const { code, stdout } = await workspace.swarm(["retry-failed"]);
    expect(normal(stdout, workspace)).toMatch(
      /^Agent-2 {2}delivered +\S+ m?s? {2}msg_20260131_120000_0a1b2c3d\n$/,
    );
    expect(code).toBe(0);
    expect(workspace.inboxFiles("Agent-2")).toHaveLength(1);
  });

  it("ends with 1 when it fails again", async () => {
    const workspace = workspaceFor({ config: { delivery: { attempts: 1 } } });
    enqueueEnded(queueOf(workspace), failed());
    breakInbox(workspace, "Agent-1");
    const { code, stderr } = await workspace.swarm(["retry-failed"]);
    expect(stderr).toContain("swarm: 0 of 1 message delivered");
    expect(code).toBe(1);
  });

  it("is told as the documented JSON", async () => {
    const workspace = workspaceFor();
    const id = enqueueEnded(queueOf(workspace), failed());
    const retried = await workspace.json<{ messages: readonly object[] }>(["retry-failed"]);
    expect(Object.keys(retried)).toEqual(["schema", "counts", "messages"]);
    expect(retried.messages).toMatchObject([{ id, status: "delivered", attempts: 1, error: null }]);
  });

  it("takes only what --agent, --id and --older-than select", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    const long = Date.now() - 3_600_000;
    const [first, second, old] = [
      enqueueEnded(queue, failed()),
      enqueueEnded(queue, failed(), { recipient: "Agent-2" }),
      enqueueEnded(queue, failed(long)),
    ];
    const retried = async (...argv: readonly string[]) => {
      const { messages } = await workspace.json<{ messages: readonly { id: string }[] }>([
        "retry-failed",
        ...argv,
      ]);
      return messages.map(({ id }) => id);
    };
    expect(await retried("--older-than", "10m")).toEqual([old]);
    expect(await retried("--agent", "Agent-2")).toEqual([second]);
    expect(await retried("--id", first)).toEqual([first]);
    expect(await retried()).toEqual([]);
  });

  it("types unconfirmed messages again only when told to", async () => {
    const workspace = workspaceFor();
    const id = enqueueEnded(queueOf(workspace), unconfirmed());
    const refused = await workspace.swarm(["retry-failed", "--id", id]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      "it may have been submitted; nothing was queued\n  hint: look at the agent first; to type it again, add --unconfirmed",
    );
    expect((await workspace.swarm(["retry-failed", "--unconfirmed", "--id", id])).code).toBe(0);
  });

  it("of a message that waits already gives its outcome", async () => {
    const workspace = workspaceFor();
    const id = enqueue(queueOf(workspace));
    const { code, stdout } = await workspace.swarm(["retry-failed", "--id", id]);
    expect(stdout).toContain("delivered");
    expect(code).toBe(0);
  });

  it.each([
    [["--id", "msg_20260131_120000_0a1b2c3d"], 3, "there is no message"],
    [["--agent", "Agnet-1"], 3, "there is no agent Agnet-1"],
    [["--older-than", "10"], 2, '--older-than is no duration: "10"'],
  ])("refuses %j", async (argv, exit, message) => {
    const { code, stderr } = await workspaceFor().swarm(["retry-failed", ...argv]);
    expect(stderr).toContain(message);
    expect(code).toBe(exit);
  });

  it("run twice at once retries each message once", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    const ids = Array.from({ length: 20 }, () => enqueueEnded(queue, failed()));
    const both = await Promise.all(
      [1, 2].map(() => workspace.json<{ messages: { id: string }[] }>(["retry-failed"])),
    );
    const retried = both.flatMap(({ messages }) => messages.map(({ id }) => id));
    expect(retried.toSorted()).toEqual(ids.toSorted());
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(20);
  });
});
