import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AttemptEnd, makeAttempt } from "../../src/delivery/attempt.ts";
import { Drafts } from "../../src/delivery/drafts.ts";
import { EventRecorder } from "../../src/delivery/event-recorder.ts";
import { RecentTexts } from "../../src/delivery/recent-texts.ts";
import type { Agent } from "../../src/domain/agent.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { MessageState } from "../../src/domain/status.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { desktopAgent, oneTransport, settingsFor } from "./fake-world.ts";
import { freshRoot } from "./fresh-folder.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLog } from "./memory-log.ts";
import { aState, stored } from "./messages.ts";

const AGENT = desktopAgent("Agent-1");
const OUTCOME_ERROR = { code: "focus_lost", message: "m", hint: "h" } as const;
const DEFERRED: Outcome = { kind: "deferred", error: OUTCOME_ERROR };

interface Options {
  readonly agent?: Agent;
  readonly state?: Partial<MessageState>;
  readonly kind?: "deliver" | "resume";
  /** Throws for an event that the disk does not take. */
  readonly disk?: (event: MessageEvent) => void;
}

function setUp(deliver: (attempt: Attempt) => Promise<Outcome>, options: Options = {}) {
  const root = freshRoot(["Agent-1"]);
  const clock = new ManualClock();
  const log = new MemoryLog();
  const events: string[] = [];
  const message = stored(
    {},
    { status: "delivering", step: "claimed", totalAttempts: 1, attempts: 1, ...options.state },
  );
  const recorder = new EventRecorder(
    {
      record: (_id, event) => {
        options.disk?.(event);
        events.push(event.type);
        return aState();
      },
    },
    message,
  );
  const { transports, discarded } = oneTransport({
    deliver,
    resume: deliver,
    close: () => Promise.resolve(),
  });
  const stop = new AbortController();
  const agent = options.agent ?? AGENT;
  const run = (): Promise<AttemptEnd> =>
    makeAttempt(
      { root, clock, log, transports, drafts: new Drafts(root), recentTexts: new RecentTexts() },
      {
        kind: options.kind ?? "deliver",
        members: [{ stored: message, recorder }],
        messages: [message.message],
        agent,
        settings: settingsFor([agent]),
        recorder,
        stop: stop.signal,
      },
    );
  return { root, clock, log, events, recorder, stop, discarded, run };
}

const typed: MessageEvent = { type: "typed", at: 1, ms: 1 };
const intent: MessageEvent = { type: "intent", at: 1, window: "w" };
const submitted: MessageEvent = { type: "submitted", at: 1, ms: 1, enters: 1 };

test("the inbox file is there before the transport is asked, and the transport knows its text", async () => {
  let seen: { text: string; inbox: string } | null = null;
  const { root, events, run } = setUp((attempt) => {
    const inbox = readFileSync(join(root, attempt.state.inboxFile ?? ""), "utf8");
    seen = { text: attempt.text, inbox };
    return Promise.resolve(DEFERRED);
  });
  expect(await run()).toEqual(DEFERRED);
  expect(seen).toMatchObject({ text: "[#msg_20260102_030405_0123abcd from Captain] Hello\nworld" });
  expect(events).toEqual(["inbox_file"]);
});

test("an inbox that can't be written ends the attempt before anything is typed", async () => {
  const { root, run } = setUp(() => Promise.reject(new Error("must not be asked")));
  mkdirSync(
    join(root, "agent_workspaces/Agent-1/inbox/MESSAGE_20260102_030405_msg_20260102_030405_0123abcd.md"),
    {
      recursive: true,
    },
  );
  expect(await run()).toMatchObject({ kind: "deferred", error: { code: "inbox_unwritable" } });
});

test("an inbox file that an earlier attempt has proven is not written again: the agent may have moved it away", async () => {
  const { events, run } = setUp(() => Promise.resolve(DEFERRED), {
    state: { evidence: ["inbox_file"], inboxFile: "x" },
  });
  await run();
  expect(events).toEqual([]);
});

test.each([
  ["before the composer was touched", [], "deferred"],
  ["before it had typed", [intent], "deferred"],
  ["after it had typed", [intent, typed], "unknown"],
  ["after it had proven the submit", [intent, typed, submitted], "confirmed"],
] as const)("a transport that throws %s ends in %s: %s", async (_, recorded, kind) => {
  const { log, run } = setUp((attempt) => {
    for (const event of recorded) attempt.record(event, true);
    return Promise.reject(new Error("a bug"));
  });
  const end = await run();
  expect(end.kind).toBe(kind);
  if (end.kind === "deferred" || end.kind === "unknown") expect(end.error.code).toBe("internal");
  expect(log.events()).toEqual(["internal_error"]);
});

test.each([
  ["the disk does not take what must be on it first", "handed_back", intent],
  ["the inbox file can't be written", "deferred", "inbox"],
  ["a bug ends it", "deferred", null],
] as const)(
  "a text that stands in the composer since the attempt before stays on record where %s",
  async (_, kind, refused) => {
    const { root, run } = setUp(
      (attempt) => {
        attempt.record(intent, true);
        return Promise.reject(new Error("a bug"));
      },
      {
        state: { isTextLeft: true },
        disk: (event) => {
          if (event === refused) throw new Error("disk full");
        },
      },
    );
    if (refused === "inbox")
      mkdirSync(
        join(root, "agent_workspaces/Agent-1/inbox/MESSAGE_20260102_030405_msg_20260102_030405_0123abcd.md"),
        { recursive: true },
      );
    expect(await run()).toMatchObject({
      kind,
      standing: { message: expect.stringContaining("its text still stands in the input field of Agent-1") },
    });
  },
);

test.each([
  ["without any", [], "deferred"],
  ["without proof of the submit", [intent, typed], "unknown"],
] as const)("a transport that confirms %s evidence is not believed", async (_, recorded, kind) => {
  const { run } = setUp((attempt) => {
    for (const event of recorded) attempt.record(event, true);
    return Promise.resolve({ kind: "confirmed" });
  });
  expect(await run()).toMatchObject({ kind, error: { code: "internal" } });
});

test.each([
  [[intent], "deferred"],
  [[intent, typed], "unknown"],
] as const)(
  "a transport that hangs is given up after its last event: %j ends in %s",
  async (recorded, kind) => {
    let late: (() => void) | null = null;
    const { clock, run, discarded } = setUp((attempt) => {
      for (const event of recorded) attempt.record(event, true);
      late = () => attempt.record(submitted, true);
      return new Promise(() => undefined);
    });
    let end: AttemptEnd | null = null;
    void run().then((ended) => {
      end = ended;
    });
    await clock.pass(80_000);
    expect(end).toBeNull();
    await clock.pass(5000);
    expect(end).toMatchObject({ kind, error: { code: "attempt_timeout" } });
    expect(discarded).toEqual(["desktop"]);
    // It may still run somewhere, and must not get to its Enter.
    expect(late).toThrow(/is over/);
  },
);

test("when the worker stops, a transport is told and ends at a safe point", async () => {
  const { stop, run } = setUp(
    (attempt) =>
      new Promise((resolve) => {
        attempt.signal.addEventListener("abort", () => resolve(DEFERRED));
      }),
  );
  const end = run();
  stop.abort();
  expect(await end).toEqual(DEFERRED);
});

test("when the worker stops and a transport hangs, the message is left for recovery", async () => {
  const { clock, stop, run } = setUp(() => new Promise(() => undefined));
  const end = run();
  stop.abort();
  await clock.pass(5000);
  expect(await end).toEqual({ kind: "cut_off" });
});

test("nothing is typed when the disk does not take the event before it", async () => {
  let hasTyped = false;
  const { run } = setUp(
    (attempt) => {
      attempt.record(intent, true);
      hasTyped = true;
      return Promise.resolve(DEFERRED);
    },
    {
      disk: ({ type }) => {
        if (type === "intent")
          throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
    },
  );
  expect(await run()).toMatchObject({ kind: "handed_back", error: { code: "spool_unwritable" } });
  expect(hasTyped).toBe(false);
});

test("proof of a submit that the disk does not take at once is not lost, and is written in order later", async () => {
  let isFull = false;
  const { events, recorder, run } = setUp(
    (attempt) => {
      attempt.record(intent, true);
      attempt.record(typed, true);
      isFull = true;
      attempt.record(submitted, true);
      attempt.record({ type: "draft_restored", at: 1, file: "f" }, false);
      return Promise.resolve({ kind: "confirmed" });
    },
    {
      disk: () => {
        if (isFull) throw new Error("ENOSPC");
      },
    },
  );
  expect(await run()).toEqual({ kind: "confirmed" });
  expect(recorder.state.evidence).toEqual(["inbox_file", "typed", "submitted"]);
  expect(() => recorder.flush()).toThrow();
  isFull = false;
  recorder.flush();
  expect(events).toEqual(["inbox_file", "intent", "typed", "submitted", "draft_restored"]);
});

test("a later attempt knows what earlier ones typed: such a draft is a stray of ours", async () => {
  const seen: (readonly string[])[] = [];
  const { run } = setUp(
    (attempt) => {
      seen.push(attempt.recentTexts);
      return Promise.resolve(DEFERRED);
    },
    { state: { totalAttempts: 2 } },
  );
  await run();
  expect(seen).toEqual([["[#msg_20260102_030405_0123abcd from Captain] Hello\nworld"]]);
});

test("drafts are saved one beside the other and can be read again", async () => {
  const read: (string | null)[] = [];
  const { run } = setUp((attempt) => {
    const files = [attempt.saveDraft("first draft"), attempt.saveDraft("second")];
    for (const file of [...files, "runtime/drafts/none.txt", "swarm.json"])
      read.push(attempt.readDraft(file));
    return Promise.resolve(DEFERRED);
  });
  await run();
  expect(read).toEqual(["first draft", "second", null, null]);
});
