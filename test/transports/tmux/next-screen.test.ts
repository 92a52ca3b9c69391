/** What follows a submit: a screen that is drawn anew is blank for a moment, and that is not it. */
import { expect, it } from "vitest";
import { initialState } from "../../../src/domain/status.ts";
import { TERMINAL_PROFILES } from "../../../src/domain/terminal-profile.ts";
import type { Pane, Row, Screen } from "../../../src/ports/terminals.ts";
import { readComposer } from "../../../src/transports/tmux/composer.ts";
import { nextScreen } from "../../../src/transports/tmux/next-screen.ts";
import type { Work } from "../../../src/transports/tmux/work.ts";
import { aMessage } from "../../delivery/messages.ts";
import { rememberedTiming } from "../../e2e/attempts.ts";
import { simulatedClock } from "../../simulator/clock.ts";

const BLANK_FROM_MS = 100;
const NEXT_FROM_MS = 400;
const unused = () => Promise.reject(new Error("nothing is typed here"));

it("is waited for past a blank screen", async () => {
  const clock = simulatedClock();
  const before = screen("ready", "> ");
  const now = () => {
    if (clock.monotonic() < BLANK_FROM_MS) return before;
    return clock.monotonic() < NEXT_FROM_MS ? screen() : screen("works on the message", "> ");
  };
  const pane: Pane = {
    where: "p",
    programs: () => Promise.resolve([]),
    look: () => Promise.resolve({ ok: true, screen: now() }),
    hold: unused,
    leaveMode: unused,
    paste: unused,
    press: unused,
  };
  const work = workAt(pane, clock);
  await nextScreen(work, { before: { screen: before, reading: readComposer(before, work.profile) }, at: 0 });
  expect(clock.monotonic()).toBeGreaterThanOrEqual(NEXT_FROM_MS);
  expect(clock.monotonic()).toBeLessThan(2 * NEXT_FROM_MS);
});

function screen(...lines: readonly string[]): Screen {
  const rows: Row[] = lines.map((text) => ({ text, isFaint: [...text].map(() => false) }));
  return {
    rows,
    columns: 80,
    cursor: { x: 2, y: Math.max(0, rows.length - 1) },
    title: "",
    program: "agent",
    isInMode: false,
    takesPastes: true,
  };
}

function workAt(pane: Pane, clock: Work["clock"]): Work {
  const [profile] = TERMINAL_PROFILES;
  if (!profile) throw new Error("there are no built-in profiles");
  const message = aMessage();
  const agent: Work["agent"] = {
    name: "A",
    transport: "tmux",
    pane: "p",
    socket: "default",
    profile: "generic",
  };
  return {
    attempt: {
      message,
      agent,
      state: initialState(0),
      text: "hello",
      pointer: "hello",
      recentTexts: [],
      record: () => undefined,
      saveDraft: () => "draft",
      readDraft: () => null,
      deadline: 20_000,
      signal: new AbortController().signal,
    },
    agent,
    profile,
    pane,
    timing: rememberedTiming(),
    clock,
    agentPid: null,
    draft: null,
    isTextLeft: false,
    marksLeft: 0,
    isCaughtUp: false,
    isClearingUnseen: false,
    submit: null,
  };
}
