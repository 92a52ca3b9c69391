import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { bodyOf, fieldOf, HARD_BODY_LIST } from "./bodies.ts";
import type { BroadcastJson, SendJson, StatusJson, Tracker } from "./json.ts";
import { createWorkspace, kill, type Workspace } from "./workspace.ts";

const names = (count: number) => Array.from({ length: count }, (_, i) => `Agent-${i + 1}`);

describe("the inbox transport under load", () => {
  let workspace: Workspace;
  afterEach(() => workspace?.remove());

  function trackerIsTrue(ids: readonly string[]): Promise<unknown> {
    return until("the tracker says that all are delivered", () => {
      const tracker = JSON.parse(
        readFileSync(workspace.path("runtime/message_delivery_tracking.json"), "utf8"),
      ) as Tracker;
      return ids.every(
        (id) => tracker[id]?.status === "delivered" && tracker[id].evidence.includes("inbox_file"),
      );
    });
  }

  it("delivers 1,000 messages from 50 processes at once, each exactly once and equal in every byte", async () => {
    const agents = names(20);
    workspace = createWorkspace({ agents });
    const bodyFrom = (i: number) => `${HARD_BODY_LIST[i % HARD_BODY_LIST.length]}\nfrom process ${i}`;
    const printed = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const priority = ["normal", "high", "urgent"][i % 3] ?? "normal";
        const args = ["broadcast", "-", "--priority", priority, "--from", `sender-${i}`, "--timeout", "100s"];
        return workspace.json<BroadcastJson>(args, { input: bodyFrom(i) });
      }),
    );

    for (const { counts, broadcast_id, messages } of printed) {
      expect(counts).toMatchObject({ delivered: 20, failed: 0, queued: 0, unconfirmed: 0 });
      expect(messages.map(({ recipient }) => recipient).toSorted()).toEqual(agents.toSorted());
      expect(messages.every((message) => message.broadcast_id === broadcast_id)).toBe(true);
      expect(messages.every(({ evidence }) => evidence.join() === "inbox_file")).toBe(true);
    }
    const ids = printed.flatMap(({ messages }) => messages.map(({ id }) => id));
    expect(new Set(ids).size).toBe(1000);

    for (const agent of agents) {
      const files = workspace.inboxFiles(agent);
      expect(files).toHaveLength(50);
      const found = files.map((file) => bodyOf(file).toString()).toSorted();
      expect(found).toEqual(Array.from({ length: 50 }, (_, i) => bodyFrom(i)).toSorted());
      for (const file of files) {
        expect(ids).toContain(fieldOf(file, "Message ID"));
        expect(fieldOf(file, "Recipient")).toBe(agent);
        expect(fieldOf(file, "SHA-256")).toBe(createHash("sha256").update(bodyOf(file)).digest("hex"));
      }
    }
    await trackerIsTrue(ids);
    const { counts } = await workspace.json<StatusJson>(["status"]);
    expect(counts).toMatchObject({ delivered: 1000, queued: 0, delivering: 0, failed: 0 });
  });

  it("delivers single messages of 100 processes at once, with one worker", async () => {
    workspace = createWorkspace({ agents: names(8) });
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        workspace.json<SendJson>(["send", `Agent-${(i % 8) + 1}`, `number ${i}`, "--timeout", "100s"]),
      ),
    );
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => "delivered"));
    const found = names(8).flatMap((agent) =>
      workspace.inboxFiles(agent).map((file) => bodyOf(file).toString()),
    );
    expect(found.toSorted()).toEqual(sent.map((_, i) => `number ${i}`).toSorted());
    expect(workspace.processes()).toEqual([await workspace.workerPid()]);
  });

  it("delivers a broadcast to 200 agents, equal in every byte", async () => {
    const agents = names(200);
    workspace = createWorkspace({ agents });
    const body = `${HARD_BODY_LIST.join("\n\n")}\n\n`;
    const { counts, messages } = await workspace.json<BroadcastJson>(["broadcast"], { input: body });
    expect(counts).toMatchObject({ delivered: 200, failed: 0, queued: 0 });
    expect(messages).toHaveLength(200);
    for (const agent of agents) {
      const [file = "", ...others] = workspace.inboxFiles(agent);
      expect(others).toEqual([]);
      expect(bodyOf(file).equals(Buffer.from(body))).toBe(true);
    }
  });

  it("loses and doubles nothing when the worker is killed 20 times", async () => {
    const agents = names(5);
    workspace = createWorkspace({ agents });
    let kills = 0;
    const bodies: string[] = [];
    const ended: BroadcastJson[] = [];
    /** One program that sends on and on, until the last worker was killed. */
    const sender = async (name: string) => {
      for (let i = 0; i < 4 || kills < 20; i++) {
        const body = `message ${i} of ${name}`;
        bodies.push(body);
        ended.push(await workspace.json<BroadcastJson>(["broadcast", body, "--timeout", "100s"]));
      }
    };
    await Promise.all([
      ...["a", "b", "c", "d", "e"].map(sender),
      until(
        "20 workers were killed",
        async () => {
          const worker = await workspace.workerPid();
          if (worker === null) return false;
          // At another point of its life each time.
          await delay(kills * 5);
          kill(worker, "SIGKILL");
          kills += 1;
          return kills === 20;
        },
        60_000,
        5,
      ),
    ]);

    const outcomes = ended.flatMap(({ messages }) => messages);
    // The attempts that were cut off count, so some are used up. `retry-failed` is the way back.
    for (const { status, error } of outcomes.filter((message) => message.status !== "delivered")) {
      expect([status, error?.code]).toEqual(["failed", "worker_died"]);
    }
    await workspace.swarm(["retry-failed"]);
    for (const agent of agents) {
      const found = workspace.inboxFiles(agent).map((file) => bodyOf(file).toString());
      expect(found.toSorted()).toEqual(bodies.toSorted());
    }
    const { counts } = await workspace.json<StatusJson>(["status"]);
    const delivered = bodies.length * agents.length;
    expect(counts).toMatchObject({ delivered, failed: 0, queued: 0, delivering: 0, unconfirmed: 0 });
  });
});
