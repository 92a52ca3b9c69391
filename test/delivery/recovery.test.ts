import { expect, test } from "vitest";
import type { Agent } from "../../src/domain/agent.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { Spool } from "../../src/ports/store.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { until } from "../desktop-fixture/until.ts";
import { desktopAgent, inboxAgent, settingsFor, typeAndSubmit } from "./fake-world.ts";
import { aWorld, openStore, type World } from "./running-worker.ts";

const A = desktopAgent("A");
const ERROR = { code: "submit_unproven", message: "m", hint: "h" } as const;
const at = 1;
const intent: MessageEvent = { type: "intent", at, window: "A" };
const typed: MessageEvent = { type: "typed", at, ms: 1 };
const submitted: MessageEvent = { type: "submitted", at, ms: 1, enters: 1 };

interface Calls {
  readonly delivered: string[];
  readonly resumed: Attempt[];
}

function setUp(agent: Agent, resume: (attempt: Attempt) => Outcome): { world: World; calls: Calls } {
  const calls: Calls = { delivered: [], resumed: [] };
  const world = aWorld({
    agents: [agent],
    deliver: (attempt) => {
      calls.delivered.push(attempt.message.body);
      return Promise.resolve(typeAndSubmit(attempt));
    },
    resume: (attempt) => {
      calls.resumed.push(attempt);
      return Promise.resolve(resume(attempt));
    },
  });
  return { world, calls };
}

/** A message whose attempt was cut off after these events by the death of another worker. */
function cutOff(world: World, ...events: readonly MessageEvent[]): Message {
  const message = world.accept({ recipient: "A" });
  const dead = openStore(world.root);
  claim(dead, message);
  for (const event of events) dead.record(message.id, event, true);
  return message;
}

/** A message whose first attempt left its text in the composer, and whose next one was cut off. */
function leftAndCutOff(world: World, type: "deferred" | "handed_back"): Message {
  const message = world.accept({ recipient: "A" });
  const dead = openStore(world.root);
  claim(dead, message);
  dead.settle(message.id, { type, at, error: ERROR, nextAttemptAt: at, isTextLeft: true });
  claim(dead, message);
  return message;
}

function claim(dead: Spool, { id }: Message): void {
  const waiting = dead.scan(new Set(["A"])).find((name) => name.id === id);
  if (!waiting) throw new Error("it does not wait");
  dead.claim(waiting, { pid: 1, at });
}

test("cut off before the composer was touched: tried again, and the attempt counts", async () => {
  const { world, calls } = setUp(A, () => ({ kind: "unknown", error: ERROR }));
  const message = cutOff(world);
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 2 });
  expect(world.outbox.find(message.id)?.events.find(({ type }) => type === "deferred")).toMatchObject({
    error: { code: "worker_died" },
  });
  expect(calls).toMatchObject({ delivered: ["Hello"], resumed: [] });
});

test("cut off in its last attempt: failed, and the worker's death is the reason", async () => {
  const { world } = setUp(A, () => ({ kind: "unknown", error: ERROR }));
  world.settings = settingsFor([A], { retry: { ...world.settings.retry, attempts: 1 } });
  const message = cutOff(world);
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({
    status: "failed",
    attempts: 1,
    error: { code: "worker_died" },
  });
});

test("what an attempt left in the composer stays known where the worker dies in the next, before it could look", async () => {
  const left: boolean[] = [];
  const world = aWorld({
    agents: [A],
    deliver: (attempt) => {
      left.push(attempt.state.isTextLeft);
      return Promise.resolve(typeAndSubmit(attempt));
    },
  });
  const message = leftAndCutOff(world, "deferred");
  await world.drain();
  expect(left).toEqual([true]);
  expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 3 });
});

test("what stands in the composer is unconfirmed where the worker dies in the last attempt, before it could look", async () => {
  const { world } = setUp(A, () => ({ kind: "unknown", error: ERROR }));
  world.settings = settingsFor([A], { retry: { ...world.settings.retry, attempts: 1 } });
  const message = leftAndCutOff(world, "handed_back");
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({
    status: "unconfirmed",
    error: { code: "worker_died", message: expect.stringContaining("still stands") },
  });
});

test("cut off after `intent`: the transport looks, and what it finds absent is tried again", async () => {
  const { world, calls } = setUp(A, () => ({ kind: "deferred", error: { ...ERROR, code: "worker_died" } }));
  const message = cutOff(world, intent);
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 2 });
  expect(calls.resumed.map(({ state }) => state.step)).toEqual(["intent"]);
});

test.each([
  ["goes on and proves the submit", "delivered"],
  ["finds the text gone", "unconfirmed"],
] as const)("cut off after `typed`, and the transport %s: %s, and never typed again", async (_, status) => {
  const { world, calls } = setUp(A, (attempt) => {
    if (status === "unconfirmed") return { kind: "unknown", error: ERROR };
    attempt.record(submitted, true);
    return { kind: "confirmed" };
  });
  const message = cutOff(world, intent, typed);
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status, attempts: 1 });
  expect(calls).toMatchObject({ delivered: [] });
  expect(calls.resumed).toHaveLength(1);
});

test("cut off after `submitted`: delivered", async () => {
  const { world, calls } = setUp(A, () => ({ kind: "confirmed" }));
  const message = cutOff(world, intent, typed, submitted);
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({
    status: "delivered",
    evidence: ["typed", "submitted", "inbox_file"],
  });
  expect(calls.delivered).toEqual([]);
});

test("cut off, and the screen is locked: looked at again until it can be, and the agent's other messages wait", async () => {
  let looks = 0;
  const { world, calls } = setUp(A, (attempt) => {
    looks += 1;
    if (looks < 4) return { kind: "handed_back", error: { ...ERROR, code: "screen_locked" }, retryInMs: 5 };
    expect(calls.delivered).toEqual([]);
    attempt.record(submitted, true);
    return { kind: "confirmed" };
  });
  const message = cutOff(world, intent, typed);
  const other = world.accept({ recipient: "A", priority: "urgent", body: "other" });
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 1 });
  expect(world.stateOf(other).status).toBe("delivered");
  expect(looks).toBe(4);
  const waits = world.outbox.find(message.id)?.events.filter(({ type }) => type === "waits");
  expect(waits).toMatchObject([{ error: { code: "screen_locked" } }]);
});

test("typed, and a person is needed before Enter: whoever waits can see it, and it is delivered after that", async () => {
  let isAnswered = false;
  const { world } = setUp(A, (attempt) => {
    if (!isAnswered)
      return { kind: "handed_back", error: { ...ERROR, code: "dialog_in_front" }, retryInMs: 5 };
    attempt.record(submitted, true);
    return { kind: "confirmed" };
  });
  const message = cutOff(world, intent, typed);
  world.work(null);
  await until("it says why it waits", () => world.stateOf(message).error !== null);
  expect(world.stateOf(message)).toMatchObject({
    status: "delivering",
    error: { code: "dialog_in_front" },
    evidence: expect.arrayContaining(["typed"]),
  });
  isAnswered = true;
  await world.reached(message, "delivered");
  expect(world.stateOf(message).error).toBe(null);
});

test("handed back after the text was typed: the same message is resumed, not typed a second time", async () => {
  const calls: string[] = [];
  const world = aWorld({
    agents: [A],
    deliver: (attempt) => {
      calls.push("deliver");
      attempt.record(intent, true);
      attempt.record(typed, true);
      return Promise.resolve({
        kind: "handed_back",
        error: { ...ERROR, code: "human_active" },
        retryInMs: 1,
      });
    },
    resume: (attempt) => {
      calls.push(`resume ${attempt.state.step}`);
      attempt.record(submitted, true);
      return Promise.resolve({ kind: "confirmed" });
    },
  });
  const message = world.accept({ recipient: "A" });
  await world.drain();
  expect(calls).toEqual(["deliver", "resume typed"]);
  expect(world.stateOf(message).status).toBe("delivered");
});

test.each([
  [[], "delivered"],
  [[intent], "delivered"],
  [[intent, typed], "unconfirmed"],
  [[intent, typed, submitted], "delivered"],
] as const)("cut off after %j, and the agent has only an inbox by now: %s", async (events, status) => {
  const { world, calls } = setUp(inboxAgent("A"), () => ({ kind: "confirmed" }));
  const message = cutOff(world, ...events);
  await world.drain();
  expect(world.stateOf(message).status).toBe(status);
  expect(calls.resumed).toEqual([]);
});

test("cut off after `typed`, and the agent is no longer configured: unconfirmed", async () => {
  const { world } = setUp(desktopAgent("Another"), () => ({ kind: "confirmed" }));
  const message = cutOff(world, intent, typed);
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({ status: "unconfirmed", error: { code: "worker_died" } });
});

test("a worker that is killed again and again uses up a message's attempts, and then says so", async () => {
  const { world } = setUp(A, () => ({ kind: "confirmed" }));
  const message = world.accept({ recipient: "A" });
  for (let death = 1; death <= 3; death += 1) {
    await until("it may be tried again", () => (world.stateOf(message).nextAttemptAt ?? 0) <= Date.now());
    const dead = openStore(world.root);
    for (const stored of dead.interrupted()) {
      dead.settle(stored.message.id, {
        type: "deferred",
        at,
        error: { ...ERROR, code: "worker_died" },
        nextAttemptAt: 0,
      });
    }
    const [waiting] = dead.scan(new Set(["A"]));
    if (waiting) dead.claim(waiting, { pid: 1, at });
  }
  await world.drain();
  expect(world.stateOf(message)).toMatchObject({
    status: "failed",
    attempts: 3,
    error: { code: "worker_died" },
  });
});
