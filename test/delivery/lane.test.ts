import { expect, test } from "vitest";
import { Lane } from "../../src/delivery/lane.ts";
import { Lanes } from "../../src/delivery/lanes.ts";
import type { Waiting } from "../../src/ports/store.ts";
import { aWaiting, stored } from "./messages.ts";

/** Attempts everything that is due and gives the ids in the order of the attempts. */
function drain(lane: Lane, now: number): readonly string[] {
  const ids: string[] = [];
  for (let turn = lane.next(now); turn?.kind === "deliver"; turn = lane.next(now)) {
    ids.push(turn.waiting.id);
    lane.remove(turn.waiting);
  }
  return ids;
}

function laneOf(...waiting: readonly Waiting[]): Lane {
  const lane = new Lane("Agent-1");
  lane.replace(waiting);
  return lane;
}

const first = aWaiting(1);
const second = aWaiting(2);
const third = aWaiting(3);
const urgent = aWaiting(9, { priority: "urgent" });
const high = aWaiting(8, { priority: "high" });

test("a lane gives urgent before high before normal messages, each in order of acceptance", () => {
  expect(drain(laneOf(urgent, high, first, second, third), 0)).toEqual(
    [urgent, high, first, second, third].map(({ id }) => id),
  );
});

test("a message that waits for its next attempt holds back later ones of its priority, and no others", () => {
  const lane = laneOf(high, first, second);
  lane.hold(first.id, 5000);
  expect(drain(lane, 4999)).toEqual([high.id]);
  expect(lane.wakeAt(4999)).toBe(5000);
  expect(drain(lane, 5000)).toEqual([first.id, second.id]);
});

test("nothing is given before the next scan where a message waits again that the last one did not see", () => {
  const lane = laneOf(second);
  lane.isScanNeeded = true;
  expect(drain(lane, 0)).toEqual([]);
  lane.replace([first, second]);
  expect(drain(lane, 0)).toEqual([first.id, second.id]);
});

test("an urgent message passes a normal one that waits for its next attempt", () => {
  const lane = laneOf(first, second);
  lane.remove(first);
  lane.putBack(first, 5000);
  lane.putBack(urgent, 0);
  expect(drain(lane, 0)).toEqual([urgent.id]);
});

test("a message that is put back takes its old place, before messages accepted later", () => {
  const lane = laneOf(first, second, third);
  lane.remove(second);
  lane.putBack(second, 0);
  expect(drain(lane, 0)).toEqual([first.id, second.id, third.id]);
});

test("a message that is put back and then found by a scan is there once", () => {
  const lane = laneOf(first);
  lane.remove(first);
  lane.putBack(first, 0);
  lane.putBack({ ...first }, 0);
  expect(drain(lane, 0)).toEqual([first.id]);
});

test("a busy lane gives nothing", () => {
  const lane = laneOf(first);
  lane.busyWith = ["another"];
  expect(lane.next(0)).toBeNull();
});

test("a message cut off after its composer was touched holds back everything until it is resumed", () => {
  const lane = laneOf(urgent, first);
  const cutOff = stored({}, { step: "typed" });
  const members = [cutOff];
  lane.addResumption(members, 1000);
  expect(lane.next(999)).toBeNull();
  expect(lane.wakeAt(999)).toBe(1000);
  expect(lane.next(1000)).toMatchObject({ kind: "resume", members });
  lane.removeResumption(members);
  expect(drain(lane, 1000)).toEqual([urgent.id, first.id]);
});

test("what a scan no longer finds is no longer waited for", () => {
  const lane = laneOf(first, second);
  lane.hold(first.id, 5000);
  lane.replace([second]);
  expect(drain(lane, 0)).toEqual([second.id]);
});

test("agents have lanes of their own, and turns come in order of priority and acceptance", () => {
  const lanes = new Lanes();
  const toB = aWaiting(2, { recipient: "B" });
  const toC = aWaiting(5, { recipient: "C", priority: "urgent" });
  lanes.replace([toC, first, toB], 0);
  lanes.of("Agent-1").hold(first.id, 9000);
  expect(lanes.turns(0, () => false).map(({ lane }) => lane.agent)).toEqual(["C", "B"]);
  expect(lanes.turns(9000, () => false).map(({ lane }) => lane.agent)).toEqual(["C", "Agent-1", "B"]);
});

test("an expired message is taken out wherever it stands in its lane, but not while it is being delivered", () => {
  const lanes = new Lanes();
  const soon = aWaiting(2, { expiresAt: 100 });
  const underWay = aWaiting(4, { expiresAt: 100, recipient: "B" });
  lanes.replace([first, soon, third, underWay], 0);
  lanes.of("B").remove(underWay);
  lanes.of("B").busyWith = [underWay.id];
  expect(lanes.nextByClock()).toBe(100);
  expect(lanes.takeExpired(99, 10)).toEqual([]);
  expect(lanes.takeExpired(100, 10)).toEqual([soon]);
  expect(drain(lanes.of("Agent-1"), 100)).toEqual([first.id, third.id]);
  lanes.of("B").busyWith = [];
  lanes.putBack(underWay, 500);
  expect(lanes.takeExpired(101, 10)).toEqual([underWay]);
});

test("a message with a time of its own is in no lane before, and holds back none; then it takes its place in the order", () => {
  const lanes = new Lanes();
  const scheduled = aWaiting(2, { notBefore: 1000 });
  lanes.replace([first, scheduled, third], 999);
  expect(lanes.nextByClock()).toBe(1000);
  expect(lanes.ids()).toEqual(new Set([first.id, scheduled.id, third.id]));
  lanes.admitDue(999);
  expect(lanes.nextByClock()).toBe(1000);
  lanes.admitDue(1000);
  expect(lanes.nextByClock()).toBeNull();
  expect(drain(lanes.of("Agent-1"), 0)).toEqual([first.id, scheduled.id, third.id]);
});

test("what waits for its time is work for a worker that stays, unless its agent is paused, and none for one that drains", () => {
  const lanes = new Lanes();
  lanes.replace([aWaiting(2, { notBefore: 1000 })], 0);
  expect(lanes.isIdle(() => false, false)).toBe(true);
  expect(lanes.isIdle(() => false, true)).toBe(false);
  expect(lanes.isIdle(() => true, true)).toBe(true);
  lanes.admitDue(1000);
  expect(lanes.isIdle(() => false, false)).toBe(false);
});

test("a scheduled message whose time is over before it has come, as a clock was set, is taken out once", () => {
  const lanes = new Lanes();
  const scheduled = aWaiting(2, { notBefore: 1000, expiresAt: 500 });
  lanes.replace([scheduled], 0);
  expect(lanes.takeExpired(600, 10)).toEqual([scheduled]);
  lanes.admitDue(2000);
  expect(drain(lanes.of("Agent-1"), 0)).toEqual([]);
});
