import { describe, expect, it } from "vitest";
import type { Hold } from "../../src/app/holds.ts";
import { type MessageScreen, messageView } from "../../src/cli/message-view.ts";
import { loadPaint } from "../../src/cli/render.ts";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import { replay } from "../../src/domain/status.ts";
import type { StoredMessage } from "../../src/ports/store.ts";
import { aMessage } from "../delivery/messages.ts";

/** In the zone of whoever runs the test, so that the times in the golden files are the same in each. */
const START = new Date(2026, 0, 31, 14, 3, 5, 120).getTime();
const HOUR = 3_600_000;

const FOCUS_LOST: DeliveryError = {
  code: "focus_lost",
  message: 'the focus went to "Inbox (3) - Mail" while the text for Agent-1 was read back',
  hint: "leave the windows alone for a moment; it is tried again by itself",
};
const HUMAN: DeliveryError = {
  code: "human_active",
  message: "somebody was typing for 20 s on :0",
  hint: "it goes on once nobody types; an urgent message does not wait",
};
const NOT_FOUND: DeliveryError = {
  code: "window_not_found",
  message: "no window has the title Agent-1 - Cursor",
  hint: "open it, or: swarm calibrate Agent-1; then: swarm retry-failed --agent Agent-1",
};
const DRAFT = "runtime/drafts/msg_20260102_030405_0123abcd-1.txt";
const INBOX_FILE = "agent_workspaces/Agent-1/inbox/MESSAGE_20260131_140305_msg_20260102_030405_0123abcd.md";

function message(events: readonly MessageEvent[]): StoredMessage {
  const message = aMessage({ acceptedAt: START });
  return { message, events, state: replay(START, events) };
}

interface Shown {
  readonly columns?: number;
  readonly rows?: number | null;
  readonly hold?: Hold | null;
  readonly now?: number;
}

async function view(events: readonly MessageEvent[], shown: Shown = {}): Promise<string> {
  const { columns = 80, rows = null, hold = null, now = START + HOUR } = shown;
  const screen: MessageScreen = { columns, rows, now, paint: await loadPaint(false) };
  return messageView(message(events), "desktop", hold, screen);
}

const claimed = (at: number, attempt: number): MessageEvent => ({ type: "claimed", at, attempt, pid: 4711 });
const intent = (at: number): MessageEvent => ({ type: "intent", at, window: "Agent-1 - Cursor" });

/** One that was interrupted, one that failed by the focus, one that got through. */
const THREE_ATTEMPTS: readonly MessageEvent[] = [
  claimed(START + 3, 1),
  { type: "inbox_file", at: START + 6, file: INBOX_FILE },
  { type: "handed_back", at: START + 20_006, error: HUMAN, nextAttemptAt: START + 21_006 },
  claimed(START + 21_010, 1),
  intent(START + 21_050),
  { type: "draft_saved", at: START + 21_100, file: DRAFT },
  {
    type: "deferred",
    at: START + 22_310,
    error: FOCUS_LOST,
    nextAttemptAt: START + 23_500,
    isTextLeft: true,
  },
  { type: "draft_restored", at: START + 22_320, file: DRAFT },
  claimed(START + 23_512, 2),
  intent(START + 23_540),
  { type: "mark_typed", at: START + 23_600 },
  { type: "mark_erased", at: START + 23_650 },
  { type: "typed", at: START + 23_760, ms: 90 },
  { type: "submitted", at: START + 23_900, ms: 120, enters: 1, isQueued: true },
  { type: "delivered", at: START + 23_930 },
  { type: "acknowledged", at: START + 26 * HOUR, by: "Agent-1" },
];

/** Handed back for the same reason, again and again. */
function handedBack(count: number, error: DeliveryError, from = START): readonly MessageEvent[] {
  return Array.from({ length: count }, (_, index): readonly MessageEvent[] => [
    claimed(from + index * HOUR, 1),
    {
      type: "handed_back",
      at: from + index * HOUR + 20_000,
      error,
      nextAttemptAt: from + index * HOUR + 21_000,
    },
  ]).flat();
}

describe("the story of a message", () => {
  it.each([60, 80, 200])(
    "tells every attempt with its steps, evidence, errors and hints, in %i columns",
    async (columns) => {
      const text = await view(THREE_ATTEMPTS, { columns });
      await expect(text).toMatchFileSnapshot(`golden/story-${columns}.txt`);
      const copyable = /inbox file|runtime\/drafts/;
      expect(text.split("\n").filter((line) => line.length > columns && !copyable.test(line))).toEqual([]);
    },
  );

  it("ends with what a message that has not ended waits for", async () => {
    const events = THREE_ATTEMPTS.slice(0, 7);
    const at = START + 23_500;
    const holds: readonly Hold[] = [
      { kind: "next_attempt", at },
      { kind: "paused", by: "Captain" },
      { kind: "no_worker" },
      { kind: "removed" },
      { kind: "others", count: 2, first: "msg_20260102_030405_00000000" },
      { kind: "turn" },
    ];
    const last = await Promise.all(
      holds.map(async (hold) => (await view(events, { hold, now: at - 1_200 })).split("\n  now: ")[1]),
    );
    expect(last).toEqual([
      "waits for the next attempt, in 1.2 s (14:03:28.620)\n",
      "paused by Captain; goes on after: swarm resume\n",
      "no worker runs; one starts with the next message, or: swarm worker\n    --drain\n",
      "Agent-1 is no longer in the configuration; put it back, or: swarm cancel\n    msg_20260102_030405_0123abcd\n",
      "waits for 2 messages before it, next msg_20260102_030405_00000000\n",
      "next in line\n",
    ]);
  });

  it("says of an attempt that is under way how long it has been, and how far it has come", async () => {
    const text = await view(THREE_ATTEMPTS.slice(0, 5), {
      hold: { kind: "under_way" },
      now: START + 21_510,
    });
    expect(text).toContain("attempt 1 by worker 4711, 14:03:26.130, under way for 500 ms\n");
    expect(text.endsWith("\n  now: at the input field\n")).toBe(true);
    const orphaned = await view(THREE_ATTEMPTS.slice(0, 5), { hold: { kind: "no_worker" } });
    expect(orphaned).toContain("now: its worker has ended; the next one sees to it: swarm worker --drain");
  });

  it("folds attempts that went like the one before", async () => {
    const events = [
      ...handedBack(300, HUMAN),
      ...THREE_ATTEMPTS.slice(3).map((event) => ({ ...event, at: event.at + 300 * HOUR })),
    ];
    const text = await view(events);
    await expect(text).toMatchFileSnapshot("golden/story-300.txt");
  });

  it("tells two attempts one by one, and counts three as one and two more", async () => {
    expect(await view(handedBack(2, HUMAN))).not.toContain("like this");
    expect(await view(handedBack(3, HUMAN))).toContain(
      "  2 attempts more like this, from 15:03:05.120 to 16:03:05.120\n",
    );
  });

  it("folds the middle of attempts that never went the same way twice, by what ended them", async () => {
    const events = Array.from({ length: 200 }, (_, index) =>
      handedBack(1, index % 2 === 0 ? HUMAN : FOCUS_LOST, START + index * HOUR),
    ).flat();
    const text = await view([...events, { type: "retried", at: START + 200 * HOUR }]);
    expect(text.replace(/\s+/g, " ")).toMatch(
      / 191 more attempts, from \S+ to 2026-\S+ \S+: 96 × human_active, 95 × focus_lost waited 59 min /,
    );
    expect(text).toMatch(/\n {2}2026-.+ retried queued again; attempts are counted anew\n$/);
    expect(text.split("\n").length).toBeLessThan(80);
  });

  it("does not take attempts that failed for different reasons as alike", async () => {
    const text = await view([
      ...handedBack(1, HUMAN),
      ...handedBack(1, FOCUS_LOST, START + HOUR),
      ...handedBack(1, HUMAN, START + 2 * HOUR),
    ]);
    expect(text.match(/attempt 1 by/g)).toHaveLength(3);
  });

  it("counts the middle steps of an attempt that has very many", async () => {
    const marks = Array.from({ length: 50 }, (_, index): readonly MessageEvent[] => [
      { type: "mark_typed", at: START + index * 100 },
      { type: "mark_erased", at: START + index * 100 + 50 },
    ]).flat();
    const text = await view([
      claimed(START, 1),
      ...marks,
      { type: "failed", at: START + 6_000, error: NOT_FOUND },
    ]);
    expect(text).toContain("               83 more steps: 42 × mark_typed, 41 × mark_erased\n");
    expect(text.split("\n").length).toBeLessThan(50);
    expect(text).toContain("hint: open it, or: swarm calibrate Agent-1;");
  });

  it("says of an attempt that its text still stands in the input field, where it does", async () => {
    const deferred = { type: "deferred", at: START, error: FOCUS_LOST, nextAttemptAt: START } as const;
    expect(await view([claimed(START, 1), { ...deferred, isTextLeft: true }])).toContain(
      "its text still stands in the input",
    );
    expect(await view([claimed(START, 1), deferred])).not.toContain("still stands");
  });

  it.each([10, 24, 5])("fits a live screen of %i rows, its end first", async (rows) => {
    const text = await view(THREE_ATTEMPTS, { columns: 60, rows, hold: { kind: "turn" } });
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(60);
    expect(lines[0]).toBe("msg_20260102_030405_0123abcd");
    expect(lines.at(-1)).toBe("  now: next in line");
  });

  it("cuts coloured lines by what is seen of them", async () => {
    const screen: MessageScreen = { columns: 30, rows: 50, now: START, paint: await loadPaint(true) };
    const text = messageView(message(THREE_ATTEMPTS), "desktop", null, screen);
    const seen = text.replace(/\u001b\[[\d;]*m/g, "");
    const plain = messageView(message(THREE_ATTEMPTS), "desktop", null, {
      ...screen,
      paint: await loadPaint(false),
    });
    expect(text).not.toBe(seen);
    expect(seen).toBe(plain);
  });
});
