import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runningWorker } from "../../src/app/client.ts";
import { until } from "../desktop-fixture/until.ts";
import { backgroundWorkspace, endWorker, logged, swarm } from "./background.ts";

const AGENTS = Array.from({ length: 20 }, (_, index) => `Agent-${index + 1}`);
const SENDERS = 50;

/** What lies in the inboxes: the body of each file by agent and sender. Throws when a file is not what its own header says. */
function inboxes(root: string): Map<string, string> {
  const bodies = new Map<string, string>();
  for (const agent of AGENTS) {
    const inbox = join(root, "agent_workspaces", agent, "inbox");
    for (const name of readdirSync(inbox)) {
      const text = readFileSync(join(inbox, name), "utf8");
      const body = text.slice(text.indexOf("\n---\n\n") + 6);
      const key = `${agent} ${/\*\*From\*\*: (.*)/.exec(text)?.[1]}`;
      if (bodies.has(key)) throw new Error(`${key} has it twice`);
      expect(/\*\*SHA-256\*\*: (.*)/.exec(text)?.[1]).toBe(createHash("sha256").update(body).digest("hex"));
      bodies.set(key, body);
    }
  }
  return bodies;
}

test("a thousand messages from fifty processes at once, while the worker is killed again and again: each arrives once, byte for byte", async () => {
  const root = backgroundWorkspace(AGENTS);
  const body = (sender: number) => `from ${sender}\n👩‍👩‍👧 汉字 عربى\ttab\n${"x".repeat(sender * 40)}`;
  const senders = Array.from({ length: SENDERS }, (_, sender) =>
    swarm(root, ["broadcast", body(sender), "--from", `S${sender}`, "--timeout", "100s", "--json"]),
  );
  const killed = new Set<number>();
  while (killed.size < 4) {
    await until("a worker delivers", () => runningWorker(root), 60_000, 5);
    const before = inboxCount(root);
    const isOver = await until(
      "it has delivered some",
      () => {
        const count = inboxCount(root);
        return count === AGENTS.length * SENDERS ? "all" : count > before + 30 && "some";
      },
      60_000,
      5,
    );
    if (isOver === "all") break;
    const pid = await endWorker(root, "SIGKILL");
    if (pid !== null) killed.add(pid);
  }
  expect(killed.size).toBeGreaterThan(1);
  for (const { code, stdout, stderr } of await Promise.all(senders)) {
    expect(stderr).not.toMatch(/Error|bug/);
    expect(JSON.parse(stdout).counts).toMatchObject({ delivered: AGENTS.length });
    expect(code).toBe(0);
  }
  const bodies = inboxes(root);
  expect(bodies.size).toBe(AGENTS.length * SENDERS);
  for (let sender = 0; sender < SENDERS; sender += 1) {
    for (const agent of AGENTS) expect(bodies.get(`${agent} S${sender}`)).toBe(body(sender));
  }
  expect(logged(root, "started").length).toBeLessThan(killed.size + 4);
  await trackerAgrees(root);
}, 120_000);

function inboxCount(root: string): number {
  return AGENTS.reduce((count, agent) => {
    try {
      return (
        count +
        readdirSync(join(root, "agent_workspaces", agent, "inbox")).filter((name) => name.endsWith(".md"))
          .length
      );
    } catch {
      return count;
    }
  }, 0);
}

async function trackerAgrees(root: string): Promise<void> {
  await until("the tracker shows all as delivered", () => {
    const tracked = Object.values<{ status: string }>(
      JSON.parse(readFileSync(join(root, "runtime/message_delivery_tracking.json"), "utf8")),
    );
    return (
      tracked.length === AGENTS.length * SENDERS && tracked.every(({ status }) => status === "delivered")
    );
  });
}
