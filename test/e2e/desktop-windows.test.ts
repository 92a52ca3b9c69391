import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EDITOR_TEXT, type Mode } from "../desktop-fixture/protocol.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import { comparable, desktopWorkspace, submittedTexts, THREE_PIECES, typedText } from "./desktop-agents.ts";
import type { RetryJson, SendJson } from "./json.ts";
import type { Workspace } from "./workspace.ts";

const NAMES = ["Plain", "Rich"] as const;
/** Small, so that a whole way to `failed` is quick. */
const DELIVERY = { attempts: 2, backoff: { initial: "50ms", factor: 1, max: "50ms" }, humanIdle: "10ms" };

describe("an agent's window as it may be on a desktop", () => {
  let stage: Stage;
  let workspace: Workspace;

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
    await stage.pages.startAnew(NAMES);
    stage.pages.forget();
    await stage.windows.activate(stage.windowOf("Person"));
  });

  async function expectDelivered(name: string, body: string): Promise<void> {
    const sent = await workspace.json<SendJson>(["send", name, body]);
    expect(sent).toMatchObject({ status: "delivered", evidence: THREE_PIECES, error: null });
    expect(submittedTexts(stage, [name])[name]).toEqual([
      comparable(typedText({ id: sent.id, sender: "tester" }, body)),
    ]);
    expect(stage.pages.submissions()).toHaveLength(1);
    stage.pages.forget();
  }

  async function expectFailed(name: string, code: string): Promise<SendJson> {
    const sent = await workspace.json<SendJson>(["send", name, "never to be seen"]);
    expect(sent).toMatchObject({ status: "failed", error: { code }, attempts: DELIVERY.attempts });
    expect(sent.error?.message).toContain(name);
    expect(stage.pages.submissions()).toEqual([]);
    return sent;
  }

  it.each(NAMES)(
    "gets its message while it is covered, moved, off the screen, minimised or elsewhere: %s",
    async (name) => {
      const { windows } = stage;
      const id = stage.windowOf(name);
      const home = await windows.place(id);
      await windows.move(stage.windowOf("Person"), home);
      await windows.activate(stage.windowOf("Person"));
      await expectDelivered(name, "covered");
      await windows.move(id, { ...home, x: home.x + 150, y: home.y + 300 });
      await windows.activate(stage.windowOf("Person"));
      await expectDelivered(name, "moved");
      await windows.move(id, { ...home, x: -190 });
      await windows.activate(stage.windowOf("Person"));
      await expectDelivered(name, "half off the left edge");
      expect((await windows.place(id)).x).toBeLessThan(-150);
      await windows.move(id, home);
      await windows.minimise(id);
      await expectDelivered(name, "minimised");
      expect(await windows.isMinimised(id)).toBe(true);
      await windows.activate(id);
      await windows.toWorkspace(id, 1);
      await windows.activate(stage.windowOf("Person"));
      await expectDelivered(name, "on another workspace");
      expect([await windows.workspaceOf(id), await windows.workspace()]).toEqual([1, 0]);
      await windows.toWorkspace(id, 0);
    },
  );

  it("gets its message with retry-failed once it was opened again", async () => {
    await stage.close("Plain");
    const sent = await expectFailed("Plain", "window_not_found");
    const second = await workspace.swarm(["send", "Plain", "second", "--quiet"]);
    expect([second.code, second.stderr]).toEqual([5, expect.stringContaining("swarm calibrate Plain")]);
    await stage.open({ name: "Plain" });
    await stage.windows.activate(stage.windowOf("Person"));
    const retried = await workspace.json<RetryJson>(["retry-failed"]);
    expect(retried.counts).toMatchObject({ delivered: 2, failed: 0 });
    expect(retried.messages.map(({ id, status }) => [id, status])[0]).toEqual([sent.id, "delivered"]);
    expect(stage.pages.submissions("Plain").map(({ text }) => text.replace(/^\[.*?\] /, ""))).toEqual([
      "never to be seen",
      "second",
    ]);
    const none = await workspace.swarm(["retry-failed"]);
    expect([none.code, none.stdout, none.stderr]).toEqual([0, "", ""]);
  });

  it("gets nothing while another has the same title", async () => {
    await stage.open({ name: "Twin", title: stage.titleOf("Rich") });
    await stage.windows.activate(stage.windowOf("Person"));
    await expectFailed("Rich", "window_ambiguous");
    for (const name of ["Rich", "Twin"]) expect((await stage.pages.state(name)).text).toBe("");
    await stage.close("Twin");
    await until(
      "the twin is gone",
      async () => (await stage.windows.find(stage.titleOf("Rich"))).length === 1,
    );
    expect((await workspace.json<RetryJson>(["retry-failed"])).counts).toMatchObject({ delivered: 1 });
    expect(stage.pages.submissions()).toHaveLength(1);
  });

  it.each(NAMES)("gets its message on a page that answers 2 s late to every key: %s", async (name) => {
    await stage.pages.setMode(name, "slow-deferred");
    await stage.windows.activate(stage.windowOf("Person"));
    await expectDelivered(name, "patience");
  });

  it.each<readonly [Mode, string, string]>([
    ["editor", "draft_present", EDITOR_TEXT],
    ["no-field", "composer_not_found", ""],
    ["modal", "composer_not_found", ""],
  ])("gets nothing, and nothing is changed, in mode %s: %s", async (mode, code, text) => {
    await stage.pages.setMode("Plain", mode);
    await stage.windows.activate(stage.windowOf("Person"));
    await expectFailed("Plain", code);
    expect((await stage.pages.state("Plain")).text).toBe(text);
    expect(stage.pages.presses("Plain")).toBe(0);
  });
});
