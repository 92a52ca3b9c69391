/** `swarm explain` of agents in real panes and windows: what it says is what a message then meets. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

interface ExplainJson {
  readonly ready: boolean;
  readonly obstacles: readonly { readonly code: string; readonly hint: string }[];
  readonly facts: Readonly<Record<string, string>>;
}

let stage: Stage;
let server: TmuxServer;
let workspace: Workspace;

beforeAll(async () => {
  server = startTmux();
  stage = await startStage({ windows: [{ name: "Alpha" }, { name: "Beta" }] });
});
afterAll(async () => {
  await stage?.stop();
  server?.stop();
});
afterEach(() => workspace?.remove());

const explained = (name: string) => workspace.json<ExplainJson>(["explain", name]);

describe("explain", () => {
  it("of an agent in a pane names pane, profile and what is on its screen", async () => {
    const free = await server.agent("free");
    const asking = await server.agent("asking", { faults: ["dialog-first"] });
    const at = (pane: string) => ({ transport: "tmux", pane, socket: server.socket });
    workspace = createWorkspace({ config: { agents: { Free: at(free.target), Asking: at(asking.target) } } });
    expect(await explained("Free")).toMatchObject({
      ready: true,
      obstacles: [],
      facts: {
        pane: expect.stringContaining("free:0.0"),
        profile: expect.stringMatching(/^generic \(/),
        on_its_screen: expect.stringContaining("the composer is empty"),
      },
    });
    expect(await explained("Asking")).toMatchObject({
      ready: false,
      obstacles: [{ code: "dialog_in_front", hint: "answer it in the pane" }],
    });
    expect((await workspace.swarm(["explain", "Asking"])).code).toBe(5);
    expect([...free.submitted(), ...asking.submitted()]).toEqual([]);
    expect(asking.log().filter(({ dialog }) => dialog === "key")).toEqual([]);
  });

  it("of an agent in a window names window and point, and what is wrong with them", async () => {
    const at = (title: string, input: object = INPUT_POINT) => ({
      transport: "desktop",
      window: { title },
      input,
    });
    workspace = createWorkspace({
      config: {
        agents: {
          Alpha: at(stage.titleOf("Alpha")),
          Gone: at("no such window"),
          Both: at("/ - Chat$/"),
          Outside: at(stage.titleOf("Beta"), { x: 9_000, y: 20, from: "top-left" }),
        },
      },
      env: stage.desktop.env,
    });
    expect(await explained("Alpha")).toMatchObject({
      ready: true,
      facts: {
        display: stage.desktop.display,
        profile: "chat",
        window: expect.stringContaining(`"${stage.titleOf("Alpha")}", `),
        input_point: expect.stringContaining("120, -60 from bottom-left: "),
      },
    });
    const codes = await Promise.all(
      ["Gone", "Both", "Outside"].map(async (name) =>
        (await explained(name)).obstacles.map(({ code }) => code),
      ),
    );
    expect(codes).toEqual([["window_not_found"], ["window_ambiguous"], ["calibration_stale"]]);
    expect((await stage.pages.state("Alpha")).text).toBe("");
  });
});
