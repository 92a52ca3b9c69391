/** Messages to real windows, two of them with drafts, while their worker is killed at moments that nobody chose. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import {
  comparable,
  desktopWorkspace,
  eventsOf,
  idIn,
  pidsOf,
  seededRandom,
  stepsUnderWay,
  submittedTexts,
  THREE_PIECES,
  typedText,
} from "./desktop-agents.ts";
import type { BroadcastJson, MessageJson, RetryJson, StatusJson } from "./json.ts";
import { kill, type Workspace } from "./workspace.ts";

const NAMES = ["Plain-1", "Rich-1", "Plain-2", "Rich-2"];
const WAIT = ["--timeout", "200s"];
const DRAFTS: Readonly<Record<string, string>> = {
  "Plain-2": "a draft\nof a person\nin three lines",
  "Rich-2": "another\n\ndraft of the person",
};

let stage: Stage;
let workspace: Workspace;

/** Declares the test. `broadcasts` go to four windows each. */
export function killedWorker(broadcasts: number, kills: number): void {
  beforeAll(openStage);
  afterAll(async () => {
    await workspace?.remove();
    await stage?.stop();
  });
  const count = broadcasts * NAMES.length;
  it(
    `loses, doubles and misroutes nothing of ${count} messages while the worker is killed ${kills} times`,
    () => deliverWhileKilled(broadcasts, kills),
    240_000,
  );
}

async function openStage(): Promise<void> {
  stage = await startStage({
    windows: [
      ...NAMES.map((name) => ({
        name,
        composer: name.startsWith("Rich") ? ("lexical" as const) : ("textarea" as const),
      })),
      { name: "Person" },
    ],
  });
  workspace = desktopWorkspace(stage, NAMES);
}

/** Kills the worker in the middle of an attempt, at a moment that differs from time to time, after it has got further. */
async function killInTheMiddle(
  random: () => number,
  killed: Set<number>,
  isOver: () => boolean,
): Promise<string> {
  const before = stage.pages.submissions().length;
  const worker = await until(
    "a worker is in the middle of an attempt",
    () => {
      if (isOver()) return -1;
      if (killed.size > 0 && stage.pages.submissions().length === before) return false;
      const pid = pidsOf(workspace).worker;
      return pid !== null && !killed.has(pid) && stepsUnderWay(workspace).length > 0 && pid;
    },
    60_000,
    5,
  );
  if (worker === -1) return "over";
  await delay(random() * 250); // the moment, not a wait for something
  const [step = "between attempts"] = stepsUnderWay(workspace);
  kill(worker, "SIGKILL");
  killed.add(worker);
  return step;
}

async function deliverWhileKilled(broadcasts: number, kills: number): Promise<void> {
  const seed = Date.now() % 100_000;
  const random = seededRandom(seed);
  for (const [name, draft] of Object.entries(DRAFTS)) await stage.pages.setText(name, draft);
  const drafts = await textsOf(Object.keys(DRAFTS));
  await stage.windows.activate(stage.windowOf("Person"));
  await stage.person.setClipboard("the person's clipboard");
  await stage.person.movePointer(1500, 950);

  const bodies = new Map<string, string>();
  let isSent = false;
  const sent = Promise.all(
    Array.from({ length: broadcasts }, async (_, i) => {
      const body = `message ${i}\nwith a second line ${"and more ".repeat(i)}`;
      const { messages } = await workspace.json<BroadcastJson>(["broadcast", body, ...WAIT]);
      for (const { id } of messages) bodies.set(id, body);
      return messages;
    }),
  ).then((all) => {
    isSent = true;
    return all.flat();
  });
  const killed = new Set<number>();
  const steps: string[] = [];
  while (steps.length < kills && !isSent) steps.push(await killInTheMiddle(random, killed, () => isSent));
  const outcomes = await sent;
  console.info(`seed ${seed}; killed at ${steps.join(", ")}; ${summary(outcomes)}`);
  expect(steps.filter((step) => step !== "over").length).toBe(kills);
  expect(bodies.size).toBe(broadcasts * NAMES.length);

  await expectTruth(outcomes, bodies);
  // Those whose attempts were used up by the kills: nothing of them was submitted, and this is the way back.
  const again = await workspace.json<RetryJson>(["retry-failed", ...WAIT]);
  expect(again.messages.map(({ id }) => id).toSorted()).toEqual(
    outcomes.flatMap(({ id, status }) => (status === "failed" ? [id] : [])).toSorted(),
  );
  const after = outcomes.map((before) => again.messages.find(({ id }) => id === before.id) ?? before);
  expect(after.filter(({ status }) => status === "failed")).toEqual([]);
  await expectTruth(after, bodies);
  expect(stage.pages.submissions("Person")).toEqual([]);

  expect(await textsOf(Object.keys(DRAFTS))).toEqual(drafts);
  expect(await textsOf(["Plain-1", "Rich-1"])).toEqual(["", ""]);
  expect(await stage.person.clipboard()).toBe("the person's clipboard");
  expect(await stage.person.pointer()).toEqual({ x: 1500, y: 950 });
  expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
  const { counts } = await workspace.json<StatusJson>(["status"]);
  expect(counts).toMatchObject({ queued: 0, delivering: 0, failed: 0 });
  expect(counts.delivered + counts.unconfirmed).toBe(bodies.size);
}

/** Delivered: once, in its own window. Failed: not at all. Unconfirmed: at most once, and cut off after `typed`. */
async function expectTruth(
  outcomes: readonly MessageJson[],
  bodies: ReadonlyMap<string, string>,
): Promise<void> {
  const submitted = submittedTexts(stage, NAMES);
  for (const message of outcomes) {
    const { id, recipient, status } = message;
    const text = comparable(typedText({ id, sender: "tester" }, bodies.get(id) ?? ""));
    const places = NAMES.flatMap((name) =>
      (submitted[name] ?? []).filter((each) => idIn(each) === id).map((each) => [name, each]),
    );
    if (status === "delivered") {
      expect([id, places]).toEqual([id, [[recipient, text]]]);
      expect(message.evidence).toEqual(THREE_PIECES);
    } else if (status === "failed") {
      expect([id, places]).toEqual([id, []]);
      expect(message.error?.code).toBe("worker_died");
    } else {
      expect([id, status]).toEqual([id, "unconfirmed"]);
      expect(places.length).toBeLessThanOrEqual(1);
      for (const place of places) expect(place).toEqual([recipient, text]);
      const types = (await eventsOf(workspace, id)).map(({ type }) => type);
      const steps = types.slice(types.lastIndexOf("claimed")).filter((type) => !/^(draft|mark)_/.test(type));
      expect([id, steps.slice(-2)]).toEqual([id, ["typed", "unconfirmed"]]);
    }
  }
  const known = new Set(outcomes.map(({ id }) => id));
  for (const name of NAMES) for (const text of submitted[name] ?? []) expect(known).toContain(idIn(text));
}

function textsOf(names: readonly string[]): Promise<readonly string[]> {
  return Promise.all(names.map(async (name) => comparable((await stage.pages.state(name)).text)));
}

function summary(outcomes: readonly MessageJson[]): string {
  const count = (status: string) => outcomes.filter((outcome) => outcome.status === status).length;
  return ["delivered", "failed", "unconfirmed"].map((status) => `${count(status)} ${status}`).join(", ");
}
