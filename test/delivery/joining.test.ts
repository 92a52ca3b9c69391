/** Several messages in one turn. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { NewMessage } from "../../src/ports/store.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { until } from "../desktop-fixture/until.ts";
import { desktopAgent, inboxAgent, settingsFor, typeAndSubmit } from "./fake-world.ts";
import { aWorld, type World, type WorldOptions } from "./running-worker.ts";

const ERROR: DeliveryError = { code: "focus_lost", message: "m of ID", hint: "retry ID" };
const A = desktopAgent("A");

/** A world whose agent takes every text; the texts of all attempts, in order. */
function takingWorld(
  deliver: (attempt: Attempt) => Promise<Outcome> = (attempt) => Promise.resolve(typeAndSubmit(attempt)),
  options: Partial<WorldOptions> = {},
): { readonly world: World; readonly texts: string[] } {
  const texts: string[] = [];
  const world = aWorld({
    agents: [A],
    ...options,
    deliver: (attempt) => {
      texts.push(attempt.text);
      return deliver(attempt);
    },
  });
  return { world, texts };
}

const accept = (world: World, ...all: readonly Partial<NewMessage>[]) =>
  all.map((parts) => world.accept({ recipient: "A", join: true, ...parts }));

const textOf = ({ id, sender, body }: Message) => `[#${id} from ${sender}] ${body}`;
const joined = (...messages: readonly Message[]) => messages.map(textOf).join("\n\n");

describe("messages that may be joined", () => {
  test("are typed as one text also where they waited together for a person", async () => {
    let tries = 0;
    const { world, texts } = takingWorld((attempt) => {
      tries += 1;
      return Promise.resolve(
        tries < 3
          ? { kind: "handed_back", error: { ...ERROR, code: "human_active" }, retryInMs: 5 }
          : typeAndSubmit(attempt),
      );
    });
    const messages = accept(world, { body: "one" }, { body: "two" }, { body: "three" });
    await world.drain();
    expect(texts).toEqual([joined(...messages), joined(...messages), joined(...messages)]);
    for (const message of messages)
      expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 1, handedBack: 2 });
  });

  test("are alone where the person came after the text was announced", async () => {
    let tries = 0;
    const { world, texts } = takingWorld((attempt) => {
      tries += 1;
      if (tries > 1) return Promise.resolve(typeAndSubmit(attempt));
      attempt.record({ type: "intent", at: Date.now(), window: "A" }, true);
      return Promise.resolve({
        kind: "handed_back",
        error: { ...ERROR, code: "human_active" },
        retryInMs: 5,
      });
    });
    const messages = accept(world, { body: "one" }, { body: "two" });
    await world.drain();
    expect(texts).toEqual([joined(...messages), ...messages.map(textOf)]);
  });

  test("are typed as one text, and each keeps its id, its evidence and its inbox file", async () => {
    const { world, texts } = takingWorld();
    const messages = accept(world, { body: "one" }, { body: "two\nlines" }, { body: "three" });
    await world.drain();
    expect(texts).toEqual([joined(...messages)]);
    for (const message of messages) {
      const state = world.stateOf(message);
      expect(state).toMatchObject({
        status: "delivered",
        attempts: 1,
        evidence: ["inbox_file", "typed", "submitted"],
      });
      expect(
        readFileSync(join(world.root, state.inboxFile ?? ""), "utf8").endsWith(`---\n\n${message.body}`),
      ).toBe(true);
    }
    const types = world.outbox.find(messages[1]?.id ?? "")?.events.map(({ type }) => type);
    expect(types).toEqual(["claimed", "inbox_file", "joined", "intent", "typed", "submitted", "delivered"]);
  });

  test("are all that wait where the settings say so", async () => {
    const { world, texts } = takingWorld();
    world.settings = settingsFor([A], { isJoining: true });
    const messages = accept(world, { join: false }, { join: false });
    await world.drain();
    expect(texts).toEqual([joined(...messages)]);
  });

  test.each<readonly [string, Partial<NewMessage>]>([
    ["says nothing of it", { join: false }],
    ["is typed as it is", { raw: true }],
    ["is of another desktop", { display: ":7" }],
    ["makes the text too long", { body: "x".repeat(7_950) }],
    ["has another priority", { priority: "high" }],
    ["waits for its time", { notBefore: Date.now() + 3_600_000 }],
  ])("are not joined with one that %s", async (_, parts) => {
    const { world, texts } = takingWorld();
    const [first, , last] = accept(world, {}, parts, {});
    await world.drain();
    if (!first || !last) throw new Error("not accepted");
    // What stands between two holds them apart, or it comes at another time.
    const isElsewhere = parts.priority !== undefined || parts.notBefore !== undefined;
    expect(texts.filter((text) => text.includes(first.id))).toEqual([
      isElsewhere ? joined(first, last) : textOf(first),
    ]);
  });

  test("are at most twenty in one turn", async () => {
    const { world, texts } = takingWorld();
    accept(world, ...Array.from({ length: 30 }, () => ({})));
    await world.drain();
    expect(texts.map((text) => text.match(/#msg_/g)?.length)).toEqual([20, 10]);
  });

  test("are not joined where there is no header to tell them apart, nor in files", async () => {
    const { world, texts } = takingWorld();
    world.settings = settingsFor([A], { text: { header: false, inlineLimit: 8000 } });
    accept(world, { body: "one" }, { body: "two" });
    await world.drain();
    expect(texts).toEqual(["one", "two"]);
    const files = aWorld({ agents: [inboxAgent("A")] });
    const [one, two] = accept(files, {}, {});
    await files.drain();
    for (const message of [one, two])
      expect(message && files.outbox.find(message.id)?.events.map(({ type }) => type)).not.toContain(
        "joined",
      );
  });

  test("are tried again alone, in order, where their turn failed", async () => {
    let isFirst = true;
    const { world, texts } = takingWorld((attempt) => {
      if (!isFirst) return Promise.resolve(typeAndSubmit(attempt));
      isFirst = false;
      return Promise.resolve({ kind: "deferred", error: ERROR });
    });
    const messages = accept(world, {}, {});
    await world.drain();
    expect(texts).toEqual([joined(...messages), ...messages.map(textOf)]);
    for (const message of messages)
      expect(world.stateOf(message)).toMatchObject({ status: "delivered", attempts: 2 });
  });

  test("are unconfirmed, each in its own words, where their text may have been submitted or still stands there", async () => {
    for (const kind of ["unknown", "deferred"] as const) {
      const { world, texts } = takingWorld(({ message: { id } }) => {
        const error = { ...ERROR, message: `m of ${id}`, hint: `retry ${id}` };
        return Promise.resolve(
          kind === "unknown" ? { kind, error } : { kind, error: ERROR, standing: error },
        );
      });
      const messages = accept(world, {}, {});
      await world.drain();
      expect(texts).toHaveLength(1);
      for (const message of messages)
        expect(world.stateOf(message)).toMatchObject({
          status: "unconfirmed",
          error: { message: `m of ${message.id}`, hint: `retry ${message.id}` },
        });
    }
  });
});

describe("a joined turn that was cut off", () => {
  /** The worker stops while the attempt stands still behind these steps; then another one resumes with `resume`. */
  async function cutOff(
    steps: readonly ("intent" | "typed" | "submitted")[],
    resume: (attempt: Attempt) => Promise<Outcome>,
  ) {
    let isStanding = false;
    const { world, texts } = takingWorld(
      (attempt) => {
        if (isStanding) return Promise.resolve(typeAndSubmit(attempt));
        for (const type of steps)
          attempt.record(
            type === "intent"
              ? { type, at: Date.now(), window: "w" }
              : type === "typed"
                ? { type, at: Date.now(), ms: 1 }
                : { type, at: Date.now(), ms: 1, enters: 1 },
            true,
          );
        isStanding = true;
        return new Promise(() => undefined);
      },
      { resume },
    );
    const messages = accept(world, {}, {}, {});
    const worker = world.work(null);
    await until("it stands still", () => isStanding);
    await worker.stop();
    return { world, texts, messages };
  }

  test("is resumed once, with the text of all", async () => {
    const resumed: Attempt[] = [];
    const { world, messages } = await cutOff(["intent", "typed"], (attempt) => {
      resumed.push(attempt);
      attempt.record({ type: "submitted", at: Date.now(), ms: 1, enters: 1 }, true);
      return Promise.resolve({ kind: "confirmed" });
    });
    await world.drain();
    expect(resumed.map(({ text, state }) => [text, state.step])).toEqual([[joined(...messages), "typed"]]);
    for (const message of messages)
      expect(world.stateOf(message)).toMatchObject({
        status: "delivered",
        attempts: 1,
        evidence: ["inbox_file", "typed", "submitted"],
      });
  }, 20_000);

  test("is typed anew, each alone, where nothing of it was typed", async () => {
    const { world, texts, messages } = await cutOff(["intent"], () =>
      Promise.resolve({ kind: "deferred", error: ERROR }),
    );
    await world.drain();
    expect(texts).toEqual([joined(...messages), ...messages.map(textOf)]);
  }, 20_000);

  test("is delivered where one of them has the proof, and the others were cut off before they had its line", async () => {
    const { world, messages } = await cutOff(["intent", "typed"], () =>
      Promise.reject(new Error("not asked")),
    );
    const [first, second] = messages;
    if (!first || !second) throw new Error("not accepted");
    // As a worker leaves it that is killed between the two.
    world.outbox.interrupted();
    world.outbox.record(second.id, { type: "submitted", at: Date.now(), ms: 1, enters: 1 }, true);
    const resumed: (string | null)[] = [];
    await aWorldOver(world, (attempt) => {
      resumed.push(attempt.state.step);
      return Promise.resolve({ kind: "confirmed" });
    });
    expect(resumed).toEqual(["submitted"]);
    for (const message of messages)
      expect(world.stateOf(message)).toMatchObject({
        status: "delivered",
        evidence: ["inbox_file", "typed", "submitted"],
      });
  }, 20_000);

  test("is looked for with the text of all, also where one of them has ended before", async () => {
    const { world, messages } = await cutOff(["intent", "typed"], () =>
      Promise.reject(new Error("not asked")),
    );
    const [first, second, third] = messages;
    if (!first || !second || !third) throw new Error("not accepted");
    world.outbox.interrupted();
    world.outbox.settle(first.id, { type: "unconfirmed", at: Date.now(), error: ERROR });
    const resumed: string[] = [];
    await aWorldOver(world, (attempt) => {
      resumed.push(attempt.text);
      attempt.record({ type: "submitted", at: Date.now(), ms: 1, enters: 1 }, true);
      return Promise.resolve({ kind: "confirmed" });
    });
    expect(resumed).toEqual([joined(...messages)]);
    expect([first, second, third].map((message) => world.stateOf(message).status)).toEqual([
      "unconfirmed",
      "delivered",
      "delivered",
    ]);
  }, 20_000);
});

/** A drain over the same folder by a worker whose transport resumes so. */
function aWorldOver(world: World, resume: (attempt: Attempt) => Promise<Outcome>) {
  const transport = { deliver: resume, resume, close: () => Promise.resolve() };
  world.deps = {
    transports: {
      get: () => transport,
      parallel: () => 1,
      discard: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
  };
  return world.drain();
}
