import { expect, test } from "vitest";
import { settleSurely } from "../../src/delivery/settle-surely.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { MessageState } from "../../src/domain/status.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLog } from "./memory-log.ts";
import { aState } from "./messages.ts";

const EVENT: MessageEvent = { type: "delivered", at: 1 };

/** A disk that is full for the first `fullFor` tries. */
function setUp(fullFor: number) {
  const clock = new ManualClock();
  const log = new MemoryLog();
  let tries = 0;
  const settle = () => {
    tries += 1;
    if (tries <= fullFor)
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    return aState({ status: "delivered" });
  };
  const stop = new AbortController();
  const flushed: string[] = [];
  const result: { state?: MessageState | null } = {};
  const recorder = { flush: () => void flushed.push("flushed") };
  const done = settleSurely({ spool: { settle }, clock, log }, recorder, "msg", EVENT, stop.signal).then(
    (state) => {
      result.state = state;
    },
  );
  return { clock, log, stop, flushed, result, done };
}

test("a message is settled as soon as the disk has room again", async () => {
  const { clock, log, flushed, result } = setUp(3);
  await clock.pass(2999);
  expect(result.state).toBeUndefined();
  await clock.pass(1);
  expect(result.state).toMatchObject({ status: "delivered" });
  expect(flushed).toHaveLength(4);
  expect(log.events()).toEqual(["not_settled", "not_settled", "not_settled"]);
});

test("a worker that stops does not wait for a full disk: recovery ends the message", async () => {
  const { stop, result, done } = setUp(1000);
  stop.abort();
  await done;
  expect(result.state).toBeNull();
});
