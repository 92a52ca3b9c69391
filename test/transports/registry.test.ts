import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-world.ts";
import { LearnedTiming } from "../../src/delivery/timing.ts";
import type { Desktop } from "../../src/ports/desktop.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { transportRegistry } from "../../src/transports/registry.ts";
import { inboxAgent } from "../delivery/fake-world.ts";
import { MemoryLog } from "../delivery/memory-log.ts";
import { aMessage, aState } from "../delivery/messages.ts";

function setUp() {
  const calls: string[] = [];
  const desktop: Desktop = {
    acquire: () => Promise.reject(new Error("nobody types in this test")),
    putBackLeftBehind: () => Promise.resolve(true),
    close: () => Promise.resolve(void calls.push("close")),
  };
  const timing = new LearnedTiming({
    path: "/nonexistent/timing.json",
    clock: systemClock,
    log: new MemoryLog(),
    stepFloorMs: 1,
    stepCeilingMs: 2,
  });
  const transports = transportRegistry({
    desktop: () => {
      calls.push("make");
      const settings = () => ({ display: null, humanIdleMs: 0, attemptMs: 1, profile: () => null });
      return { desktop, timing, clock: systemClock, settings };
    },
    tmux: () => {
      throw new Error("no pane is used in this test");
    },
  });
  return { calls, transports };
}

function anAttempt(evidence: readonly "inbox_file"[]): Attempt {
  return {
    message: aMessage(),
    agent: inboxAgent("Agent-1"),
    state: aState({ evidence }),
    text: "",
    pointer: "",
    recentTexts: [],
    record: () => undefined,
    saveDraft: () => "",
    readDraft: () => null,
    deadline: 0,
    signal: new AbortController().signal,
  };
}

test("the desktop transport is made when it is first needed, and once", () => {
  const { calls, transports } = setUp();
  expect(calls).toEqual([]);
  expect(transports.get("desktop")).toBe(transports.get("desktop"));
  expect(calls).toEqual(["make"]);
});

test("a transport that is discarded is closed, and the next attempt gets a new one", async () => {
  const { calls, transports } = setUp();
  transports.get("desktop");
  await transports.discard("desktop");
  transports.get("desktop");
  await transports.close();
  await transports.close();
  expect(calls).toEqual(["make", "close", "make", "close"]);
});

test("one desktop attempt runs at a time: there is one pair of hands", () => {
  expect(setUp().transports.parallel("desktop")).toBe(1);
});

test("the inbox transport confirms what was proven to be in the inbox, and nothing else", async () => {
  const inbox = setUp().transports.get("inbox");
  expect(await inbox.deliver(anAttempt(["inbox_file"]))).toEqual({ kind: "confirmed" });
  expect(await inbox.deliver(anAttempt([]))).toMatchObject({ kind: "deferred" });
});
