/** A text that stands beside a person's words, in an agent without keys that take it out: whoever presses Enter submits it. */
import { expect, it } from "vitest";
import type { MessageEvent } from "../../../src/domain/events.ts";
import { replay } from "../../../src/domain/status.ts";
import { TERMINAL_PROFILES } from "../../../src/domain/terminal-profile.ts";
import type { Attempt } from "../../../src/ports/transport.ts";
import { tmuxTransport } from "../../../src/transports/tmux/index.ts";
import { aMessage } from "../../delivery/messages.ts";
import { rememberedTiming } from "../../e2e/attempts.ts";
import { simulatedClock } from "../../simulator/clock.ts";
import { simulatedTerminals } from "../../simulator/terminals.ts";

const OWN = "[#msg_20260102_030405_0123abcd from Captain] hello";
const CUT_OFF: readonly MessageEvent[] = [
  { type: "claimed", at: 1, attempt: 1, pid: 1 },
  { type: "intent", at: 1, window: "p" },
];
const SECOND: readonly MessageEvent[] = [
  ...CUT_OFF,
  {
    type: "deferred",
    at: 1,
    error: { code: "worker_died", message: "", hint: "" },
    nextAttemptAt: 1,
  },
  { type: "claimed", at: 1, attempt: 2, pid: 2 },
];
const UNSUBMITTED = {
  kind: "unknown",
  error: { hint: expect.stringContaining("remove or submit it there") },
};

/** A pane in which a person has typed something, and the attempt at it. */
function setUp(events: readonly MessageEvent[]) {
  const clock = simulatedClock();
  const submitted: string[] = [];
  const terminals = simulatedTerminals(clock, (_, text) => submitted.push(text));
  const pane = terminals.open("p", 1);
  pane.hasNoClear = true;
  pane.type("a person's words ");
  const transport = tmuxTransport({
    terminals: terminals.terminals,
    timing: rememberedTiming(),
    clock,
    profiles: () => new Map(TERMINAL_PROFILES.map((profile) => [profile.name, profile])),
  });
  const message = aMessage();
  const attempt: Attempt = {
    message,
    agent: { name: "A", transport: "tmux", pane: "p", socket: "default", profile: "generic" },
    state: replay(message.acceptedAt, events),
    text: OWN,
    pointer: OWN,
    recentTexts: [OWN],
    record: () => undefined,
    saveDraft: () => "draft",
    readDraft: () => null,
    deadline: clock.monotonic() + 20_000,
    signal: new AbortController().signal,
  };
  return { clock, pane, transport, attempt, submitted };
}

it("is found by whoever comes after a kill, and not typed again", async () => {
  const { clock, pane, transport, attempt, submitted } = setUp(CUT_OFF);
  pane.type(OWN);
  await clock.sleep(10);
  expect(await transport.resume(attempt)).toMatchObject(UNSUBMITTED);
  expect(submitted).toEqual([]);
});

it("is found by the next attempt, also where it comes only while the words are waited for to go", async () => {
  const { clock, pane, transport, attempt, submitted } = setUp(SECOND);
  await clock.sleep(10);
  clock.after(700, () => pane.type(OWN));
  expect(await transport.deliver(attempt)).toMatchObject(UNSUBMITTED);
  expect(submitted).toEqual([]);
});

it("is none where the words are all that stands there", async () => {
  const { clock, transport, attempt } = setUp(SECOND);
  await clock.sleep(10);
  expect(await transport.deliver(attempt)).toMatchObject({
    kind: "deferred",
    error: { code: "draft_present" },
  });
});
