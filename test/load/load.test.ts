import { expect, test } from "vitest";
import { drain } from "./drained.ts";
import { dropFiles } from "./drops.ts";
import { statusOfFiftyAgents, statusWithHistory } from "./history.ts";
import { sendAtOnce } from "./processes.ts";

test("60 processes that send at once: all is accepted and delivered, each message once", async () => {
  await sendAtOnce(60);
}, 300_000);

test("3,000 messages are drained by one worker that stays small", async () => {
  const { mostMegabytes } = await drain(3_000);
  // What it needs for itself, with some room; growth shows in the long form.
  expect(mostMegabytes).toBeLessThan(200);
}, 300_000);

test("status is as fast with 100,000 archived messages as with none", async () => {
  const { fullMs, emptyMs } = await statusWithHistory(100_000);
  expect(fullMs).toBeLessThan(1.5 * emptyMs);
}, 300_000);

test("status says all of fifty agents on one screen, nearly as fast as of an empty workspace", async () => {
  const { fullMs, emptyMs } = await statusOfFiftyAgents(async (workspace) => {
    const { stdout } = await workspace.swarm(["status"]);
    const lines = stdout.split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const expected of [
      /^11 queued {3}5000 delivered {3}3 failed$/m,
      /^Agent-23 +inbox +needs you: dialog_in_front +1 /m,
      /^Agent-7 +inbox +failing: inbox_unwritable +- +3/m,
      /^Agent-2 +inbox +waits +2 /m,
      /^Agent-6 +inbox +paused: swarm resume lets it go on +2 /m,
      /^43 ready: Agent-1, Agent-8, /m,
      /^alert: /m,
    ])
      expect(stdout).toMatch(expected);
    const { agents } = await workspace.json<{ agents: Record<string, object> }>(["status"]);
    expect(agents).toMatchObject({
      "Agent-1": { state: "ready", reason: null },
      "Agent-7": { state: "failing", reason: "inbox_unwritable" },
      "Agent-23": { state: "person_needed", reason: "dialog_in_front" },
      "Agent-2": { state: "waiting", reason: null },
      "Agent-6": { state: "paused", reason: null },
    });
  });
  expect(fullMs).toBeLessThan(1.5 * emptyMs);
}, 300_000);

test("300 dropped files are taken in, each once", async () => {
  await dropFiles(300);
}, 300_000);
