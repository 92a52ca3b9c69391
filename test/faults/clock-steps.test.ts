import { describe, expect, it } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { NewMessage } from "../../src/ports/store.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { readOverview } from "../../src/spool/overview.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { acceptOne, deliverFirst } from "../contract/store.contract.ts";
import { desktopAgent, inboxAgent, typeAndSubmit } from "../delivery/fake-world.ts";
import { ManualClock } from "../delivery/manual-clock.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { aWorld } from "../delivery/running-worker.ts";
import { until } from "../desktop-fixture/until.ts";
import { archiveLines } from "../spool/everywhere.ts";
import { SpoolWorld } from "../spool/spool-world.ts";
import { withDisk } from "../support/disk.ts";

const HOUR_MS = 3_600_000;
const A = desktopAgent("A");
const ERROR = { code: "focus_lost", message: "m", hint: "h" } as const;

/** What happens to the clock while something is under way. */
const JUMPS: readonly { readonly what: string; readonly jump: (clock: ManualClock) => void }[] = [
  { what: "set forward by an hour", jump: (clock) => clock.step(HOUR_MS) },
  { what: "set back by an hour", jump: (clock) => clock.step(-HOUR_MS) },
  { what: "an hour ahead after the machine slept", jump: (clock) => clock.sleep(HOUR_MS) },
  {
    what: "set back and forward again",
    jump: (clock) => {
      clock.step(-HOUR_MS);
      clock.step(HOUR_MS);
    },
  },
];

/** A worker and its senders on one clock, which the test moves. */
function aTimedWorld(deliver: (attempt: Attempt) => Promise<Outcome>) {
  const clock = new ManualClock();
  const world = aWorld({ agents: [A, inboxAgent("B")], deliver });
  const open = () =>
    openSpool({
      root: world.root,
      maxBytes: 1 << 20,
      clock,
      random: { hex: () => Math.random().toString(16).slice(2, 10) },
      archiveMs: 90 * 24 * HOUR_MS,
    });
  world.deps = { clock, spool: open() };
  const outbox = open();
  const accept = (parts: Partial<NewMessage>): Message => {
    const result = outbox.accept([aNewMessage(parts)], false);
    const message = result.kind === "accepted" ? result.messages[0]?.message : undefined;
    if (!message) throw new Error(result.kind);
    return message;
  };
  /** Starts a worker, and waits until it has set its timers: only then does time pass for it. */
  const work = async (idleMs: number | null) => {
    const before = world.log.events().length;
    const running = world.work(idleMs);
    await until("it has started", () => world.log.events().slice(before).includes("started"));
    await clock.pass(0);
    return running;
  };
  return { clock, world, accept, work };
}

describe.each(JUMPS)("a clock that is $what", ({ jump }) => {
  it("delays no message that waits or comes, doubles none, and lets a worker without work end in time", async () => {
    const seen: string[] = [];
    const { clock, world, accept, work } = aTimedWorld((attempt) => {
      seen.push(attempt.message.body);
      return Promise.resolve(typeAndSubmit(attempt));
    });
    const first = accept({ recipient: "A", body: "before" });
    const { ended } = await work(60_000);
    jump(clock);
    const second = accept({ recipient: "A", body: "after" });
    await clock.pass(5_000);
    expect([world.stateOf(first).status, world.stateOf(second).status]).toEqual(["delivered", "delivered"]);
    expect(seen.toSorted()).toEqual(["after", "before"]);
    jump(clock);
    await clock.pass(70_000);
    expect(await ended).toBe("idle");
  });

  it("does not stretch the pause before the next attempt, and doubles nothing", async () => {
    let attempts = 0;
    const { clock, world, accept, work } = aTimedWorld((attempt) => {
      attempts += 1;
      return Promise.resolve(attempts === 1 ? { kind: "deferred", error: ERROR } : typeAndSubmit(attempt));
    });
    world.settings = {
      ...world.settings,
      retry: { attempts: 3, backoff: { initialMs: 10_000, factor: 2, maxMs: 30_000 } },
    };
    const message = accept({ recipient: "A" });
    await work(null);
    await clock.pass(2_000);
    expect([attempts, world.stateOf(message).status]).toEqual([1, "queued"]);
    jump(clock);
    await clock.pass(15_000);
    expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 2 });
  });

  it("does not stretch the pause of a message that an earlier worker put off", async () => {
    let attempts = 0;
    const { clock, world, accept, work } = aTimedWorld((attempt) => {
      attempts += 1;
      return Promise.resolve(attempts === 1 ? { kind: "deferred", error: ERROR } : typeAndSubmit(attempt));
    });
    world.settings = {
      ...world.settings,
      retry: { attempts: 3, backoff: { initialMs: 10_000, factor: 2, maxMs: 30_000 } },
    };
    const message = accept({ recipient: "A" });
    const earlier = await work(null);
    await clock.pass(2_000);
    await earlier.stop();
    jump(clock);
    await work(null);
    await clock.pass(90_000);
    expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 2 });
  });

  it("makes a key stand for its first message all the same", () => {
    const { clock, accept } = aTimedWorld(() => Promise.reject(new Error("nobody delivers")));
    const first = accept({ recipient: "A", key: "k" });
    jump(clock);
    expect(accept({ recipient: "A", key: "k" }).id).toBe(first.id);
  });
});

it("a message expires by the clock as it is then: at once when that is set forward, later when it is set back", async () => {
  const delivered: string[] = [];
  const { clock, world, accept, work } = aTimedWorld(async (attempt) => {
    delivered.push(attempt.message.body);
    if (attempt.message.body === "slow") await new Promise<void>((resolve) => clock.after(20_000, resolve));
    return typeAndSubmit(attempt);
  });
  accept({ recipient: "A", body: "slow" });
  const short = accept({ recipient: "A", body: "half an hour", expiresAt: clock.now() + HOUR_MS / 2 });
  const long = accept({ recipient: "A", body: "two hours", expiresAt: clock.now() + 2 * HOUR_MS });
  await work(null);
  await clock.pass(5_000);
  clock.step(-HOUR_MS);
  await clock.pass(5_000);
  expect(world.stateOf(short).status).toBe("queued");
  clock.step(2 * HOUR_MS);
  await clock.pass(30_000);
  expect([world.stateOf(short).status, world.stateOf(long).status]).toEqual(["expired", "delivered"]);
  expect(delivered).toEqual(["slow", "two hours"]);
});

describe.each([-HOUR_MS, HOUR_MS])("while the clock is set by %d ms over the end of a month", (stepMs) => {
  it("archived messages are found, counted once, and stand for their keys", () => {
    const world = new SpoolWorld();
    // Half an hour from the end of the month, on the side from which the step leads over it.
    const edge = Date.parse("2026-02-01T00:00:00Z") - stepMs / 2;
    world.pass(edge - world.now());
    const store = world.open();
    const early = acceptOne(store, aNewMessage({ key: "k" }));
    deliverFirst(store, world);
    const between = acceptOne(store);
    deliverFirst(store, world);
    world.pass(stepMs);
    store.archiveFinished(1);
    const late = acceptOne(store);
    deliverFirst(store, world);
    world.pass(-stepMs);
    store.archiveFinished(10);
    world.pass(stepMs);
    for (const id of [early, between, late])
      expect([id, world.open().find(id)?.state.status]).toEqual([id, "delivered"]);
    expect(acceptOne(world.open(), aNewMessage({ key: "k" }))).toBe(early);
    expect(archiveLines(world)).toHaveLength(3);
    expect(readOverview(world.root, 5).counts.delivered).toBe(3);
  });
});

it("a sender whose file is swept away, as the clock seems an hour on, stores its message all the same", () => {
  const world = new SpoolWorld();
  const store = world.open();
  acceptOne(store);
  deliverFirst(store, world);
  let isSwept = false;
  const id = withDisk(
    (call) => {
      if (call.operation === "renameSync" && !isSwept) {
        isSwept = true;
        world.open({ clock: { now: () => Date.now() + HOUR_MS + 1_000 } }).sweep();
      }
      return call.proceed();
    },
    () => acceptOne(world.open()),
  );
  expect(isSwept).toBe(true);
  expect(
    world
      .open()
      .scan(new Set())
      .map((waiting) => waiting.id),
  ).toEqual([id]);
});
