import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import {
  comparable,
  desktopWorkspace,
  eventsOf,
  pidsOf,
  seededRandom,
  stepsUnderWay,
  submittedTexts,
  typedText,
} from "./desktop-agents.ts";
import type { SendJson } from "./json.ts";
import { kill, type Workspace } from "./workspace.ts";

const NAMES = ["Plain", "Rich"] as const;
const DRAFT = "first line of a draft,\nits second line\nand the third";
const CLIPBOARD = "text of the person: 日本語 👍🏽\nin two lines";
const POINTER = { x: 1500, y: 950 };
const MOMENTS = 12;
/** Small, so that a whole way to `failed` is quick; a person's pause is not what is tested here. */
const DELIVERY = {
  attempts: 2,
  backoff: { initial: "50ms", factor: 1, max: "50ms" },
  humanIdle: "10ms",
};

describe("a good guest on the desktop", () => {
  let stage: Stage;
  let workspace: Workspace;
  const drafts = new Map<string, string>();

  beforeAll(async () => {
    stage = await startStage({
      windows: [{ name: "Plain" }, { name: "Rich", composer: "lexical" }, { name: "Person" }],
    });
    workspace = desktopWorkspace(stage, NAMES, DELIVERY);
  });
  afterAll(async () => {
    await workspace?.remove();
    await stage?.stop();
  });
  beforeEach(async () => {
    stage.pages.forget();
    for (const name of NAMES) {
      await stage.pages.setMode(name, "normal");
      await stage.pages.setText(name, DRAFT);
      drafts.set(name, (await stage.pages.state(name)).text);
    }
    await stage.windows.activate(stage.windowOf("Person"));
    await stage.person.setClipboard(CLIPBOARD);
    await stage.person.movePointer(POINTER.x, POINTER.y);
  });
  afterEach(async () => {
    await expectAllAsBefore();
    expect(stage.pages.submissions("Person")).toEqual([]);
  });

  async function expectAllAsBefore(): Promise<void> {
    for (const name of NAMES)
      expect([name, (await stage.pages.state(name)).text]).toEqual([name, drafts.get(name)]);
    expect(await stage.person.clipboard()).toBe(CLIPBOARD);
    expect(await stage.person.pointer()).toEqual(POINTER);
    expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
  }

  describe.each(NAMES)("at the composer %s", (name) => {
    it("leaves draft, clipboard, pointer and active window as they were after each delivery", async () => {
      for (const body of ["one line", "several\n\nlines\n- of text"]) {
        const sent = await workspace.json<SendJson>(["send", name, body]);
        expect(sent).toMatchObject({ status: "delivered", attempts: 1 });
        expect(submittedTexts(stage, [name])[name]?.at(-1)).toBe(
          comparable(typedText({ id: sent.id, sender: "tester" }, body)),
        );
        await expectAllAsBefore();
      }
      expect(stage.pages.submissions()).toHaveLength(2);
    });

    it("leaves them so after each failed attempt", async () => {
      await stage.pages.setMode(name, "swallow-enter");
      await stage.pages.setText(name, DRAFT);
      await stage.windows.activate(stage.windowOf("Person"));
      const sent = await workspace.swarm(["send", name, "nobody takes this", "--json"]);
      expect(sent.code).toBe(1);
      expect(JSON.parse(sent.stdout)).toMatchObject({ status: "failed", error: { code: "not_submitted" } });
      await expectAllAsBefore();
      await stage.pages.setTitle(name, "another page");
      await until(
        "the window bears its new title",
        async () => (await stage.windows.find(stage.titleOf(name))).length === 0,
      );
      const lost = await workspace.swarm(["send", name, "nobody is there", "--json"]);
      await stage.pages.setTitle(name, stage.titleOf(name));
      await stage.windows.one(stage.titleOf(name));
      expect(JSON.parse(lost.stdout)).toMatchObject({
        status: "failed",
        attempts: 2,
        error: { code: "window_not_found" },
      });
      expect(stage.pages.submissions()).toEqual([]);
    });

    it(`puts them back at the next start after worker and driver were killed, at ${MOMENTS} moments`, async () => {
      const seed = Date.now() % 100_000;
      const random = seededRandom(seed);
      const seen: string[] = [];
      for (let i = 0; i < MOMENTS; i++) {
        const body = `killed ${i}\nin the middle`;
        const sending = workspace.json<SendJson>(["send", name, body]);
        seen.push(await killBoth((random() + i) * (240 / MOMENTS)));
        const { id, status } = await sending;
        seen.push(status);
        // Where the message had ended before the kill, nobody has started the next worker yet.
        await workspace.swarm(["worker", "--drain"]);
        const places = stage.pages.submissions().filter(({ text }) => text.includes(id));
        for (const { page, text } of places)
          expect([page, comparable(text)]).toEqual([
            name,
            comparable(typedText({ id, sender: "tester" }, body)),
          ]);
        expect([status, places.length]).toEqual(
          status === "unconfirmed" ? [status, Math.min(1, places.length)] : ["delivered", 1],
        );
        if (status === "unconfirmed")
          expect((await eventsOf(workspace, id)).map(({ type }) => type)).toContain("typed");
        await expectAllAsBefore();
      }
      console.info(`${name}, seed ${seed}: ${seen.join(" ")}`);
    });
  });

  /** Kills the worker and its driver so long after an attempt has begun; returns the step that it had reached. */
  async function killBoth(afterMs: number): Promise<string> {
    const pids = await until(
      "an attempt has begun",
      () => stepsUnderWay(workspace).length > 0 && pidsOf(workspace),
      30_000,
      2,
    );
    await delay(afterMs); // the moment, not a wait for something
    const [step = "over"] = stepsUnderWay(workspace);
    const { worker, driver } = pids.driver === null ? pidsOf(workspace) : pids;
    for (const pid of [worker, driver]) if (pid !== null) kill(pid, "SIGKILL");
    return step;
  }
});
