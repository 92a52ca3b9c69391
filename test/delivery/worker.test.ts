import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { until } from "../desktop-fixture/until.ts";
import { desktopAgent, inboxAgent, settingsFor, typeAndSubmit } from "./fake-world.ts";
import { aWorld } from "./running-worker.ts";

const ERROR: DeliveryError = { code: "focus_lost", message: "m", hint: "h" };
const A = desktopAgent("A");
const B = desktopAgent("B");
const confirm = (attempt: Attempt) => Promise.resolve(typeAndSubmit(attempt));

test("what waits for inbox agents is delivered, byte for byte, and the worker ends when nothing is left", async () => {
  const world = aWorld({ agents: [inboxAgent("Agent-1"), inboxAgent("Agent-2")] });
  const messages = ["Agent-1", "Agent-2", "Agent-1"].map((recipient, index) =>
    world.accept({ recipient, body: `body ${index}\n` }),
  );
  expect(await world.drain()).toBe("idle");
  for (const message of messages) {
    const state = world.stateOf(message);
    expect(state).toMatchObject({ status: "delivered", attempts: 1, evidence: ["inbox_file"], error: null });
    expect(
      readFileSync(join(world.root, state.inboxFile ?? ""), "utf8").endsWith(`---\n\n${message.body}`),
    ).toBe(true);
  }
});

test("each agent gets its messages one at a time: urgent, high, normal, and in order of acceptance", async () => {
  const seen: string[] = [];
  const running = new Set<string>();
  const world = aWorld({
    agents: [A, B],
    deliver: async (attempt) => {
      expect(running.has(attempt.agent.name)).toBe(false);
      running.add(attempt.agent.name);
      seen.push(`${attempt.agent.name} ${attempt.message.body}`);
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(attempt.agent.name);
      return typeAndSubmit(attempt);
    },
  });
  for (const recipient of ["A", "B"]) {
    for (const [body, priority] of [
      ["1", "normal"],
      ["2", "high"],
      ["3", "normal"],
      ["4", "urgent"],
      ["5", "high"],
    ] as const) {
      world.accept({ recipient, body, priority });
    }
  }
  await world.drain();
  for (const agent of ["A", "B"]) {
    expect(seen.filter((name) => name.startsWith(agent))).toEqual(
      ["4", "2", "5", "1", "3"].map((n) => `${agent} ${n}`),
    );
  }
});

test("an agent that hangs holds up nobody else", async () => {
  let release = () => {};
  const world = aWorld({
    agents: [A, B],
    deliver: async (attempt) => {
      if (attempt.agent.name === "A") await new Promise<void>((resolve) => (release = resolve));
      return typeAndSubmit(attempt);
    },
  });
  const slow = world.accept({ recipient: "A" });
  const quick = [1, 2, 3].map(() => world.accept({ recipient: "B" }));
  world.work(null);
  for (const message of quick) await world.reached(message, "delivered");
  expect(world.stateOf(slow).status).toBe("delivering");
  release();
  await world.reached(slow, "delivered");
});

test("where only one attempt may run at a time, the most urgent of all agents goes first", async () => {
  const seen: string[] = [];
  const world = aWorld({
    agents: [A, B],
    parallel: 1,
    deliver: (attempt) => {
      seen.push(attempt.message.body);
      return confirm(attempt);
    },
  });
  world.accept({ recipient: "A", body: "1" });
  world.accept({ recipient: "B", body: "2", priority: "urgent" });
  world.accept({ recipient: "B", body: "3" });
  world.accept({ recipient: "A", body: "4", priority: "urgent" });
  await world.drain();
  expect(seen).toEqual(["2", "4", "1", "3"]);
});

test("a message that fails is tried again, later ones wait behind it, and it ends failed when its attempts are used up", async () => {
  const seen: string[] = [];
  const world = aWorld({
    agents: [A],
    deliver: (attempt) => {
      seen.push(attempt.message.body);
      return attempt.message.body === "bad"
        ? Promise.resolve({ kind: "deferred", error: ERROR })
        : confirm(attempt);
    },
  });
  const bad = world.accept({ recipient: "A", body: "bad" });
  const good = world.accept({ recipient: "A", body: "good" });
  await world.drain();
  expect(seen).toEqual(["bad", "bad", "bad", "good"]);
  expect(world.stateOf(bad)).toMatchObject({ status: "failed", attempts: 3, error: ERROR });
  expect(world.stateOf(good)).toMatchObject({ status: "delivered", attempts: 1 });
});

test("an urgent message passes one that waits for its next attempt", async () => {
  const world = aWorld({
    agents: [A],
    settings: { retry: { attempts: 3, backoff: { initialMs: 60_000, factor: 1, maxMs: 60_000 } } },
    deliver: (attempt) =>
      attempt.message.body === "bad" ? Promise.resolve({ kind: "deferred", error: ERROR }) : confirm(attempt),
  });
  const bad = world.accept({ recipient: "A", body: "bad" });
  const later = world.accept({ recipient: "A", body: "later" });
  world.work(null);
  await until("the first attempt has failed", () => world.stateOf(bad).nextAttemptAt !== null);
  await world.reached(world.accept({ recipient: "A", body: "now", priority: "urgent" }), "delivered");
  expect(world.stateOf(later)).toMatchObject({ status: "queued", attempts: 0 });
});

test("the next worker keeps to the time at which a message may be tried again", async () => {
  const world = aWorld({
    agents: [A],
    settings: { retry: { attempts: 3, backoff: { initialMs: 60_000, factor: 1, maxMs: 60_000 } } },
    deliver: () => Promise.resolve({ kind: "deferred", error: ERROR }),
  });
  const message = world.accept({ recipient: "A" });
  const first = world.work(null);
  await until("the attempt has failed", () => world.stateOf(message).nextAttemptAt !== null);
  await first.stop();
  const second = world.work(null);
  await world.reached(world.accept({ recipient: "A", priority: "urgent" }), "queued");
  await until(
    "the second worker has looked",
    () => world.log.events().filter((event) => event === "started")[1],
  );
  await second.stop();
  expect(world.stateOf(message).totalAttempts).toBe(1);
});

test("an attempt that is handed back does not count", async () => {
  let tries = 0;
  const world = aWorld({
    agents: [A],
    deliver: (attempt) => {
      tries += 1;
      return tries <= 5
        ? Promise.resolve({ kind: "handed_back", error: ERROR, retryInMs: 1 })
        : confirm(attempt);
    },
  });
  const message = world.accept({ recipient: "A" });
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 1, totalAttempts: 6 });
});

test("a cause that no retry mends ends the message at once", async () => {
  const world = aWorld({ agents: [A], deliver: () => Promise.resolve({ kind: "rejected", error: ERROR }) });
  const message = world.accept({ recipient: "A" });
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "failed", attempts: 1, error: ERROR });
});

test("what may have been submitted and can't be proven ends unconfirmed, and is not typed again", async () => {
  let tries = 0;
  const world = aWorld({
    agents: [A],
    deliver: () => {
      tries += 1;
      return Promise.resolve({ kind: "unknown", error: ERROR });
    },
  });
  const message = world.accept({ recipient: "A" });
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "unconfirmed", error: ERROR });
  expect(tries).toBe(1);
});

test("messages with a time of their own are delivered then, not before, hold back none, and keep a worker that stays", async () => {
  const at = new Map<string, number>();
  const world = aWorld({
    agents: [A],
    deliver: (attempt) => {
      at.set(attempt.message.id, Date.now());
      return confirm(attempt);
    },
  });
  // Longer than the second after which a worker looks by itself, and closer together.
  const start = Date.now() + 2500;
  const later = [0, 300, 600].map((ms) => world.accept({ recipient: "A", notBefore: start + ms }));
  const now = world.accept({ recipient: "A" });
  const worker = world.work(100);
  await world.reached(now, "delivered");
  expect(later.map((message) => world.stateOf(message).status)).toEqual(["queued", "queued", "queued"]);
  for (const message of later) await world.reached(message, "delivered");
  const times = later.map(({ id }) => at.get(id) ?? 0);
  times.forEach((time, index) => {
    expect(time).toBeGreaterThanOrEqual(start + index * 300);
    if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThan(50);
  });
  expect(await worker.ended).toBe("idle");
});

test("a drain does not wait for what is to come later", async () => {
  const world = aWorld({ agents: [A], deliver: confirm });
  const later = world.accept({ recipient: "A", notBefore: Date.now() + 3_600_000 });
  const now = world.accept({ recipient: "A" });
  expect(await world.drain()).toBe("idle");
  expect(world.stateOf(now).status).toBe("delivered");
  expect(world.stateOf(later).status).toBe("queued");
});

test("a drain leaves nothing in the spool, however much it has delivered", async () => {
  const world = aWorld({ agents: [inboxAgent("Agent-1")] });
  const expiresAt = Date.now() - 1;
  const count = 2_150;
  for (let index = 0; index < count; index += 1) world.accept({ recipient: "Agent-1", expiresAt });
  expect(await world.drain()).toBe("idle");
  expect(readdirSync(join(world.root, "runtime/queue/done"))).toEqual([]);
  expect(linesOfArchive(world.root)).toBe(count);
});

test("a message that has expired is not delivered, also when another one is before it", async () => {
  let release = () => {};
  const world = aWorld({
    agents: [A],
    deliver: async (attempt) => {
      await new Promise<void>((resolve) => (release = resolve));
      return typeAndSubmit(attempt);
    },
  });
  const first = world.accept({ recipient: "A" });
  const expiring = world.accept({ recipient: "A", expiresAt: Date.now() + 50 });
  world.work(null);
  await world.reached(expiring, "expired");
  expect(world.stateOf(first).status).toBe("delivering");
  release();
  await world.reached(first, "delivered");
  expect(world.stateOf(expiring)).toMatchObject({ attempts: 0, totalAttempts: 0 });
});

test("many messages that have expired at once all end, though none is attempted", async () => {
  const world = aWorld({ agents: [A] });
  const expiresAt = Date.now() - 1;
  const expired = Array.from({ length: 210 }, () => world.accept({ recipient: "A", expiresAt }));
  await world.drain();
  expect(new Set(expired.map((message) => world.stateOf(message).status))).toEqual(new Set(["expired"]));
});

test("no more attempts run side by side than the transport allows", async () => {
  let running = 0;
  let most = 0;
  const names = ["C", "D", "E", "F", "G"];
  const world = aWorld({
    agents: names.map(desktopAgent),
    parallel: 2,
    deliver: async (attempt) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return typeAndSubmit(attempt);
    },
  });
  for (const recipient of names) for (let i = 0; i < 3; i++) world.accept({ recipient });
  await world.drain();
  expect(most).toBe(2);
});

test("a message for an agent that is no longer configured fails and says so", async () => {
  const world = aWorld({ agents: [A] });
  const message = world.accept({ recipient: "Gone" });
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "failed", error: { code: "agent_removed" } });
});

test("changed settings count from the next attempt on", async () => {
  const world = aWorld({
    agents: [desktopAgent("A")],
    deliver: () => Promise.resolve({ kind: "deferred", error: ERROR }),
  });
  const message = world.accept({ recipient: "A" });
  world.work(null);
  await until("the first attempt has failed", () => world.stateOf(message).totalAttempts > 0);
  world.settings = settingsFor([inboxAgent("A")]);
  expect(await world.reached(message, "delivered")).toMatchObject({ evidence: ["inbox_file"] });
});

test("a file that any program puts into the drop folder is delivered", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  world.work(null);
  const queue = join(world.root, "runtime/queue");
  writeFileSync(join(queue, "tmp/one.json"), JSON.stringify({ recipient: "A", body: "dropped" }));
  renameSync(join(queue, "tmp/one.json"), join(queue, "drop/one.json"));
  const inbox = join(world.root, "agent_workspaces/A/inbox");
  const [file = ""] = await until(
    "the inbox file is there",
    () =>
      existsSync(inbox) &&
      readdirSync(inbox)
        .filter((name) => name.endsWith(".md"))
        .slice(0, 1),
  );
  expect(readFileSync(join(inbox, file), "utf8")).toMatch(/\n\ndropped$/);
});

test("an inbox that can't be written is tried again and holds up nobody else", async () => {
  const world = aWorld({ agents: [inboxAgent("A"), inboxAgent("B")] });
  mkdirSync(join(world.root, "agent_workspaces/A"), { recursive: true });
  writeFileSync(join(world.root, "agent_workspaces/A/inbox"), "in the way");
  const stuck = world.accept({ recipient: "A" });
  const other = world.accept({ recipient: "B" });
  await world.drain();
  expect(world.stateOf(stuck)).toMatchObject({
    status: "failed",
    attempts: 3,
    error: { code: "inbox_unwritable" },
  });
  expect(world.stateOf(other).status).toBe("delivered");
  rmSync(join(world.root, "agent_workspaces/A/inbox"));
  world.outbox.retryFailed({ isUnconfirmedIncluded: false });
  await world.drain();
  expect(world.stateOf(stuck).status).toBe("delivered");
});

test("a spool that can't be written for a while delays messages and loses none", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  const message = world.accept({ recipient: "A" });
  const queue = join(world.root, "runtime/queue");
  // The folder of finished messages is gone: settling fails until it is back.
  rmSync(join(queue, "active"), { recursive: true });
  writeFileSync(join(queue, "active"), "in the way");
  world.work(null);
  await until("the worker has noticed", () => world.log.events().includes("trouble"));
  rmSync(join(queue, "active"));
  mkdirSync(join(queue, "active"));
  await world.reached(message, "delivered");
});

test("a worker that is told to stop ends after the attempt under way, and claims no more", async () => {
  let finish: (outcome: Outcome) => void = () => {};
  const world = aWorld({
    agents: [A],
    deliver: (attempt) =>
      new Promise((resolve) => {
        finish = resolve;
        attempt.signal.addEventListener("abort", () => resolve({ kind: "handed_back", error: ERROR }));
      }),
  });
  const messages = [world.accept({ recipient: "A" }), world.accept({ recipient: "A" })];
  const worker = world.work(null);
  await world.reached(messages[0] ?? world.accept(), "delivering");
  expect(await worker.stop()).toBe("stopped");
  expect(messages.map((message) => world.stateOf(message))).toMatchObject([
    { status: "queued", attempts: 0, totalAttempts: 1 },
    { status: "queued", totalAttempts: 0 },
  ]);
  finish({ kind: "confirmed" });
});

test("a worker ends when its workspace was removed", async () => {
  const world = aWorld({ agents: [A] });
  let isThere = true;
  world.deps = { isWorkspaceThere: () => isThere };
  const worker = world.work(null);
  isThere = false;
  expect(await worker.ended).toBe("workspace_gone");
});

test("a worker that finds the lock taken leaves the work to the other", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  const message = world.accept({ recipient: "A" });
  world.deps = { tryLock: () => Promise.resolve(null) };
  expect(await world.drain()).toBe("already_running");
  expect(world.stateOf(message).status).toBe("queued");
});

test("a message that arrives between the last scan and the release of the lock is delivered by the same worker", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  let late: ReturnType<typeof world.accept> | null = null;
  world.deps = {
    tryLock: () =>
      Promise.resolve({
        release: () => {
          late ??= world.accept({ recipient: "A" });
        },
      }),
  };
  await world.drain();
  expect(late && world.stateOf(late).status).toBe("delivered");
  expect(world.log.events()).toContain("starts_again");
});

function linesOfArchive(root: string): number {
  const folder = join(root, "runtime/archive");
  const months = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
  return months.reduce(
    (sum, month) => sum + readFileSync(join(folder, month), "utf8").split("\n").length - 1,
    0,
  );
}
