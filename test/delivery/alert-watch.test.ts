import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AlertWatch } from "../../src/delivery/alert-watch.ts";
import { MetricsRecorder } from "../../src/delivery/metrics-recorder.ts";
import type { DeadLetter } from "../../src/ports/dead-letters.ts";
import type { ShellEnd } from "../../src/support/run-shell.ts";
import { checkAgainst } from "../e2e/output-schema.ts";
import { freshRoot } from "./fresh-folder.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLog } from "./memory-log.ts";
import { aMessage, aState } from "./messages.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SUCCESS: ShellEnd = { kind: "ended", code: 0, signal: null, output: "" };

interface Told {
  readonly event: string;
  readonly alert: { readonly code: string; readonly message: string };
  readonly since: string;
}

/** A worker's watch, with time, dead letters and the command in the test's hands. */
class WatchWorld {
  readonly root = freshRoot();
  readonly path = join(this.root, "alerts.json");
  readonly clock = new ManualClock();
  readonly log = new MemoryLog();
  readonly metrics = new MetricsRecorder({
    path: join(this.root, "metrics.json"),
    clock: this.clock,
    log: this.log,
    windowMs: () => HOUR,
  });
  readonly told: Told[] = [];
  settings = {
    failureRate: 0.01,
    retryRate: 0.05,
    failedForMs: 5 * MINUTE,
    windowMs: HOUR,
    command: "tell" as string | null,
  };
  letters: readonly DeadLetter[] = [];
  undone: readonly string[] = [];
  looks = 0;
  /** How the command ends; a promise that never does hangs. */
  end: (giveUp: AbortSignal) => Promise<ShellEnd> = () => Promise.resolve(SUCCESS);
  #version = 0;
  watch = this.begin();

  /** A worker that starts: after an end, or after one was killed, which does nothing more. */
  begin(): AlertWatch {
    const watch = new AlertWatch({
      root: this.root,
      path: this.path,
      clock: this.clock,
      log: this.log,
      settings: () => this.settings,
      metrics: this.metrics,
      deadLetters: {
        version: () => String(this.#version),
        longest: () => {
          this.looks += 1;
          return this.letters;
        },
        isAnyUndone: (ids) => ids.some((id) => this.undone.includes(id)),
      },
      run: ({ command, input, cwd }, giveUp) => {
        expect([command, cwd]).toEqual([this.settings.command, this.root]);
        const notice = JSON.parse(input) as Told;
        checkAgainst("alert_notice", notice);
        this.told.push(notice);
        return this.end(giveUp);
      },
    });
    watch.start(() => undefined);
    this.watch = watch;
    return watch;
  }

  /** Time passes, with a look each second, as the worker looks. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1000) {
      await this.clock.pass(Math.min(1000, ms - passed));
      this.watch.look();
    }
    await this.clock.pass(0);
  }

  async ends(status: "delivered" | "failed", attempts = 1): Promise<void> {
    const state = aState({ status, finishedAt: this.clock.now(), totalAttempts: attempts });
    const message = aMessage({ acceptedAt: this.clock.now() });
    this.metrics.settled(message, state);
    this.watch.settled(message.id, state);
    await this.clock.pass(0);
  }

  lies(...letters: readonly DeadLetter[]): void {
    this.letters = letters;
    this.#version += 1;
  }

  events(): readonly string[] {
    return this.told.map(({ event, alert }) => `${event} ${alert.code}`);
  }

  saved(): unknown {
    return JSON.parse(readFileSync(this.path, "utf8"));
  }
}

test("a failure is told at once, and its end when it has left the window, each once", async () => {
  const world = new WatchWorld();
  const firedAt = world.clock.now();
  await world.ends("failed");
  expect(world.events()).toEqual(["fired failure_rate"]);
  await world.ends("failed");
  await world.pass(HOUR - 2 * MINUTE);
  expect(world.events()).toEqual(["fired failure_rate"]);
  await world.pass(3 * MINUTE);
  expect(world.events()).toEqual(["fired failure_rate", "cleared failure_rate"]);
  expect(world.told.map(({ since }) => Date.parse(since))).toEqual([firedAt, firedAt]);
  expect(world.log.events()).toEqual(["alert_fired", "alert_cleared"]);
});

test("a failure among many is told again only after it was clearly over", async () => {
  const world = new WatchWorld();
  for (let count = 0; count < 98; count += 1) await world.ends("delivered");
  await world.ends("failed");
  expect(world.events()).toEqual(["fired failure_rate"]);
  // Down to just above half of one percent, and up again.
  for (let count = 0; count < 100; count += 1) await world.ends("delivered");
  await world.ends("failed");
  await world.ends("failed");
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failure_rate"]);
  for (let count = 0; count < 400; count += 1) await world.ends("delivered");
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failure_rate", "cleared failure_rate"]);
});

test("a message that needed a second attempt is told as soon as the next look sees it", async () => {
  const world = new WatchWorld();
  await world.ends("delivered", 2);
  await world.pass(1000);
  expect(world.events()).toEqual(["fired retry_rate"]);
});

test("a dead letter is told when it has lain too long, and once however often it is retried in vain", async () => {
  const world = new WatchWorld();
  const failedAt = world.clock.now();
  world.lies({ id: "a", failedAt });
  await world.pass(5 * MINUTE);
  expect(world.events()).toEqual([]);
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failed_for"]);
  expect(Date.parse(world.told[0]?.since ?? "")).toBe(failedAt + 5 * MINUTE);
  world.undone = ["a"];
  for (let round = 0; round < 3; round += 1) {
    world.lies();
    await world.pass(20_000);
    world.lies({ id: "a", failedAt: world.clock.now() });
    await world.pass(10 * MINUTE);
  }
  expect(world.events()).toEqual(["fired failed_for"]);
  world.lies();
  world.undone = [];
  await world.pass(6000);
  expect(world.events()).toEqual(["fired failed_for", "cleared failed_for"]);
});

test("dead letters are not read while nothing about them changes", async () => {
  const world = new WatchWorld();
  world.lies({ id: "a", failedAt: world.clock.now() });
  await world.pass(10 * MINUTE);
  expect(world.looks).toBeLessThan(6);
});

test("what was told stays told for the next worker, and what was not is told by it", async () => {
  const world = new WatchWorld();
  await world.ends("failed");
  await world.pass(1000);
  world.begin();
  await world.pass(2000);
  expect(world.events()).toEqual(["fired failure_rate"]);
  // Killed while the command hangs, with another notice behind it.
  world.end = () => new Promise(() => undefined);
  world.lies({ id: "a", failedAt: world.clock.now() - 6 * MINUTE });
  await world.ends("delivered", 2);
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failure_rate", "fired retry_rate"]);
  world.end = () => Promise.resolve(SUCCESS);
  world.begin();
  await world.pass(2000);
  expect(world.events()).toEqual(["fired failure_rate", "fired retry_rate", "fired failed_for"]);
  expect(world.log.entries.find(({ event }) => event === "alert_command_failed")?.fields).toEqual({
    code: "retry_rate",
    when: "fired",
    reason: "the worker was killed before the command had ended",
  });
  // And the end of what fired before is not forgotten.
  world.lies();
  await world.pass(2 * HOUR);
  expect(world.events().slice(3).toSorted()).toEqual([
    "cleared failed_for",
    "cleared failure_rate",
    "cleared retry_rate",
  ]);
});

test("that it is being told is on disk before the command starts", async () => {
  const world = new WatchWorld();
  let saved: unknown = null;
  world.end = () => {
    saved = world.saved();
    return Promise.resolve(SUCCESS);
  };
  await world.ends("failed");
  expect(saved).toMatchObject({
    incidents: [{ code: "failure_rate", isTold: true }],
    untold: [],
    telling: { event: "fired", code: "failure_rate" },
  });
  expect(world.saved()).toMatchObject({ telling: null, failure: null });
  expect(statSync(world.path).mode & 0o777).toBe(0o600);
});

test.each([
  ["missing", null],
  ["torn", '{"schema":1,"incidents":[{"co'],
  ["of another shape", '{"schema":1,"incidents":{},"untold":[],"telling":null,"failure":null}'],
  [
    "of unknown alerts",
    '{"schema":1,"incidents":[{"code":"x","since":1,"isTold":true,"ids":[]}],"untold":[],"telling":null,"failure":null}',
  ],
  [
    "of impossible times",
    '{"schema":1,"incidents":[{"code":"failed_for","since":1e300,"isTold":true,"ids":[]}],"untold":[],"telling":null,"failure":null}',
  ],
])("a file that is %s means that nothing fires yet", async (_what, text) => {
  const world = new WatchWorld();
  if (text !== null) writeFileSync(world.path, text);
  world.begin();
  expect(world.log.events()).toEqual(text === null ? [] : ["started_afresh"]);
  await world.ends("failed");
  expect(world.events()).toEqual(["fired failure_rate"]);
});

test("commands run one at a time, in the order of what happened", async () => {
  const world = new WatchWorld();
  const ends: ((end: ShellEnd) => void)[] = [];
  world.end = () => new Promise((resolve) => ends.push(resolve));
  await world.ends("failed", 2);
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failure_rate"]);
  ends[0]?.(SUCCESS);
  await world.pass(0);
  expect(world.events()).toEqual(["fired failure_rate", "fired retry_rate"]);
});

test("a command that fails is told in the log and on disk, and the next that succeeds makes up for it", async () => {
  const world = new WatchWorld();
  world.end = () => Promise.resolve({ kind: "ended", code: 7, signal: null, output: "no route" });
  await world.ends("failed");
  const reason = "the command ended with 7; it said: no route";
  expect(world.log.entries.at(-1)).toEqual({
    event: "alert_command_failed",
    fields: { code: "failure_rate", when: "fired", reason },
  });
  expect(world.saved()).toMatchObject({ failure: { code: "failure_rate", event: "fired", reason } });
  world.end = () => Promise.resolve(SUCCESS);
  await world.ends("delivered", 2);
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failure_rate", "fired retry_rate"]);
  expect(world.saved()).toMatchObject({ failure: null });
});

test("without a command incidents are kept, and one that is set later is told of those that fire", async () => {
  const world = new WatchWorld();
  world.settings = { ...world.settings, command: null };
  await world.ends("failed");
  await world.pass(5000);
  expect(world.saved()).toMatchObject({ incidents: [{ code: "failure_rate", isTold: false }], untold: [] });
  expect(world.watch.mayEnd(true)).toBe(true);
  world.settings = { ...world.settings, command: "tell" };
  await world.pass(5000);
  expect(world.events()).toEqual(["fired failure_rate"]);
});

test("the end of an incident of which nobody was told is not told either", async () => {
  const world = new WatchWorld();
  world.settings = { ...world.settings, command: null };
  await world.ends("failed");
  await world.pass(5000);
  world.settings = { ...world.settings, command: "tell", failureRate: 1 };
  await world.pass(5000);
  expect([world.events(), world.log.events()]).toEqual([[], ["alert_fired", "alert_cleared"]]);
});

test("a worker stays for a dead letter until it is told, and for a rate until it clears", async () => {
  const world = new WatchWorld();
  expect(world.watch.mayEnd(true)).toBe(true);
  world.lies({ id: "a", failedAt: world.clock.now() });
  await world.pass(4 * MINUTE);
  expect([world.watch.mayEnd(true), world.watch.mayEnd(false)]).toEqual([false, true]);
  await world.pass(2 * MINUTE);
  expect(world.events()).toEqual(["fired failed_for"]);
  expect(world.watch.mayEnd(true)).toBe(true);
  await world.ends("failed");
  await world.pass(HOUR - 2 * MINUTE);
  expect(world.watch.mayEnd(true)).toBe(false);
  await world.pass(4 * MINUTE);
  expect(world.events().at(-1)).toBe("cleared failure_rate");
  expect(world.watch.mayEnd(true)).toBe(true);
});

test("a worker does not stay for what is more than a day away", async () => {
  const world = new WatchWorld();
  world.settings = { ...world.settings, failedForMs: 30 * 24 * HOUR };
  world.lies({ id: "a", failedAt: world.clock.now() });
  await world.pass(1000);
  expect(world.watch.mayEnd(true)).toBe(true);
});

test("a command that hangs keeps a worker from ending for ten seconds, and is given up then", async () => {
  const world = new WatchWorld();
  world.end = (giveUp) =>
    new Promise((resolve) => {
      giveUp.addEventListener("abort", () => resolve({ kind: "given_up", output: "" }));
    });
  await world.ends("failed", 2);
  await world.pass(1000);
  expect(world.watch.mayEnd(false)).toBe(false);
  await world.pass(9000);
  expect(world.watch.mayEnd(false)).toBe(false);
  await world.pass(1000);
  expect(world.watch.mayEnd(false)).toBe(true);
  const stopping = world.watch.stop();
  await world.pass(8000);
  await stopping;
  expect(world.events()).toEqual(["fired failure_rate"]);
  expect(world.saved()).toMatchObject({
    telling: null,
    untold: [{ code: "retry_rate" }],
    failure: { code: "failure_rate" },
  });
  world.end = () => Promise.resolve(SUCCESS);
  world.begin();
  await world.pass(1000);
  expect(world.events()).toEqual(["fired failure_rate", "fired retry_rate"]);
});

test("a command that hangs each time never makes a long line of what is to be told", async () => {
  const world = new WatchWorld();
  world.end = () => new Promise(() => undefined);
  world.settings = { ...world.settings, failedForMs: 0 };
  for (let round = 0; round < 30; round += 1) {
    world.lies({ id: "a", failedAt: world.clock.now() - 1 });
    await world.pass(3000);
    world.lies();
    await world.pass(3000);
  }
  world.end = () => Promise.resolve(SUCCESS);
  const before = world.told.length;
  world.begin();
  await world.pass(1000);
  expect(world.told.length - before).toBe(50);
});

test("a disk that refuses the file does not keep anybody from being told, and is written when it takes it", async () => {
  const world = new WatchWorld();
  const { path } = world;
  await world.ends("delivered", 2);
  await world.pass(1000);
  rmSync(path);
  mkdirSync(join(path, "in-the-way"), { recursive: true });
  await world.ends("failed");
  expect(world.events()).toEqual(["fired retry_rate", "fired failure_rate"]);
  expect(world.log.events()).toContain("not_saved");
  rmSync(path, { recursive: true });
  await world.pass(1000);
  expect(world.saved()).toMatchObject({ incidents: [{ code: "failure_rate" }, { code: "retry_rate" }] });
});
