/** `swarm calibrate --check` and `--picture` on real windows: what is stale is told, and nothing is touched. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import Jimp from "jimp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { showPart } from "../desktop-fixture/screens.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import type { Place } from "../desktop-fixture/windows.ts";
import type { SendJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const SCREEN = { x: 0, y: 0, width: 1_600, height: 1_000 };
const FRESH = [0, 150, 80];
const STALE = [214, 0, 110];

interface CheckJson {
  readonly agents: readonly {
    readonly agent: string;
    readonly state: string;
    readonly detail: string;
    readonly calibrated_at: string | null;
    readonly point: { readonly x: number; readonly y: number } | null;
    readonly covered_by: string | null;
    readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
  }[];
  readonly picture: { readonly file: string; readonly width: number; readonly height: number } | null;
}

let stage: Stage;
let workspace: Workspace;
let homes: Readonly<Record<string, Place>>;

beforeAll(async () => {
  stage = await startStage({
    windows: [{ name: "Plain" }, { name: "Rich", composer: "lexical" }, { name: "Person" }],
  });
  workspace = createWorkspace({
    agents: ["Plain", "Rich", "Captain"],
    config: { delivery: { humanIdle: "10ms", attempts: 1 } },
    env: stage.desktop.env,
  });
  for (const name of ["Plain", "Rich"]) {
    const { x, y } = await stage.composerAt(name);
    const { code, stderr } = await workspace.swarm(["calibrate", name, "--at", `${x},${y}`]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("probe 3 of 3")]);
  }
  const placeOf = (name: string) => stage.windows.place(stage.windowOf(name));
  homes = { Plain: await placeOf("Plain"), Rich: await placeOf("Rich") };
});
afterAll(async () => {
  await workspace?.remove();
  await stage?.stop();
});
beforeEach(async () => {
  for (const [name, home] of Object.entries(homes)) await stage.windows.move(stage.windowOf(name), home);
  await stage.windows.activate(stage.windowOf("Person"));
  stage.pages.forget();
});

async function checked(name: string): Promise<CheckJson["agents"][number]> {
  const { agents } = await workspace.json<CheckJson>(["calibrate", name, "--check"]);
  const [only] = agents;
  if (!only || agents.length !== 1) throw new Error(`not one agent: ${JSON.stringify(agents)}`);
  return only;
}

describe("calibrate --check", () => {
  it("finds agents fresh whose windows are where they were, were moved, are minimised or behind others", async () => {
    const all = await workspace.swarm(["calibrate", "--check"]);
    expect([all.code, all.stderr]).toEqual([0, "swarm: 2 agents, 2 fresh\n"]);
    expect(all.stdout).toMatch(/^fresh {4}Plain {2}"Plain - Chat", point 128, \d+; calibrated .* ago\n/);
    expect(all.stdout).not.toContain("Captain");
    const id = stage.windowOf("Plain");
    const home = await stage.windows.place(id);
    await stage.windows.move(id, { ...home, x: home.x + 40, y: home.y + 60 });
    const moved = await stage.composerAt("Plain");
    expect(await checked("Plain")).toMatchObject({ state: "fresh", point: moved, error: null });
    await stage.windows.move(id, { ...(await stage.windows.place(stage.windowOf("Rich"))) });
    await stage.windows.activate(stage.windowOf("Rich"));
    expect(await checked("Plain")).toMatchObject({ state: "fresh", covered_by: stage.titleOf("Rich") });
    await stage.windows.minimise(id);
    expect((await checked("Plain")).detail).toContain("minimised");
    await stage.windows.activate(id);
  });

  it("tells which agents have one field, as somebody wrote it that way", async () => {
    const before = readFileSync(workspace.path("swarm.json"), "utf8");
    const { agents, ...rest } = JSON.parse(before);
    workspace.writeConfig({ ...rest, agents: { ...agents, Alias: agents.Plain } });
    const { stdout } = await workspace.swarm(["calibrate", "--check"]);
    expect(stdout).toMatch(/^fresh {4}Plain .*, the field of Alias too/m);
    expect(stdout).toMatch(/^fresh {4}Alias .*, the field of Plain too/m);
    expect(stdout).not.toMatch(/Rich .* too/);
    expect((await workspace.swarm(["doctor"])).stdout).toMatch(/Alias .*, in the field of Plain too/);
    writeFileSync(workspace.path("swarm.json"), before);
  });

  it("touches nothing: not the focus, the pointer, the clipboard, nor what stands in the field", async () => {
    await stage.pages.setText("Rich", "a draft");
    await stage.person.setClipboard("of the person");
    await stage.person.movePointer(700, 640);
    await stage.windows.minimise(stage.windowOf("Plain"));
    await stage.windows.activate(stage.windowOf("Person"));
    const before = (await stage.pages.state("Rich")).text;
    const file = workspace.path("untouched.png");
    expect((await workspace.swarm(["calibrate", "--check", "--picture", file])).code).toBe(0);
    expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
    expect(await stage.windows.isMinimised(stage.windowOf("Plain"))).toBe(true);
    expect(await stage.person.pointer()).toEqual({ x: 700, y: 640 });
    expect(await stage.person.clipboard()).toBe("of the person");
    expect((await stage.pages.state("Rich")).text).toBe(before);
    expect(stage.pages.submissions()).toEqual([]);
    await stage.windows.activate(stage.windowOf("Plain"));
    await stage.pages.setText("Rich", "");
  });

  it("finds a point that lies outside of its window stale, and a message for it ends with 5 too", async () => {
    const id = stage.windowOf("Rich");
    await stage.windows.move(id, { ...(await stage.windows.place(id)), height: 50 });
    const { code, stdout } = await workspace.swarm(["calibrate", "--check"]);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^stale {4}Rich .*outside of its window, which is 380 × 50 now/m);
    expect(stdout).toContain("swarm calibrate Rich");
    expect(await checked("Rich")).toMatchObject({ state: "stale", error: { code: "calibration_stale" } });
    await expectPerson("Rich", "calibration_stale");
  });

  it("finds a closed window stale, and one whose title another bears, and no message is guessed", async () => {
    await stage.close("Plain");
    expect(await checked("Plain")).toMatchObject({ state: "stale", error: { code: "window_not_found" } });
    await expectPerson("Plain", "window_not_found");
    await stage.open({ name: "Plain" });
    await stage.open({ name: "Twin", title: stage.titleOf("Plain") });
    expect(await checked("Plain")).toMatchObject({ state: "stale", error: { code: "window_ambiguous" } });
    await expectPerson("Plain", "window_ambiguous");
    await stage.close("Twin");
    await until("it is alone", async () => (await stage.windows.find(stage.titleOf("Plain"))).length === 1);
    expect((await checked("Plain")).state).toBe("fresh");
  });

  async function expectPerson(name: string, code: string) {
    const { code: exit, stdout } = await workspace.swarm(["send", name, "never to be seen", "--json"]);
    const sent = JSON.parse(stdout) as SendJson;
    expect(exit).toBe(5);
    expect(sent).toMatchObject({ status: "failed", error: { code } });
    expect(sent.error?.hint).toContain(`swarm calibrate ${name}`);
    expect(stage.pages.submissions()).toEqual([]);
  }

  describe("with other screens than at the time of calibration", () => {
    it("finds those stale whose own screen has another size, and fresh once all is as it was", async () => {
      const smaller = { ...SCREEN, width: 1_280, height: 800 };
      await showPart(stage.desktop.display, smaller);
      try {
        const { state, error } = await checked("Plain");
        expect([state, error?.code]).toEqual(["stale", "calibration_stale"]);
        expect(error?.message).toContain("a screen of 1600 × 1000, which is 1280 × 800 now");
        expect(error?.hint).toBe("swarm calibrate Plain");
        const explained = await workspace.swarm(["explain", "Plain"]);
        expect(explained.stdout.replace(/\s+/g, " ")).toContain("which is 1280 × 800 now");
      } finally {
        await showPart(stage.desktop.display, SCREEN);
      }
      expect((await checked("Plain")).state).toBe("fresh");
    });

    it("finds a point stale that no screen shows, which a message moves into view", async () => {
      await stage.windows.move(stage.windowOf("Rich"), { x: 900, y: 100, width: 380, height: 420 });
      await showPart(stage.desktop.display, { ...SCREEN, width: 800 });
      try {
        expect(await checked("Rich")).toMatchObject({ state: "stale", error: { code: "point_off_screen" } });
        const sent = await workspace.json<SendJson>(["send", "Rich", "out of sight"]);
        expect(sent).toMatchObject({ status: "delivered", attempts: 1 });
      } finally {
        await showPart(stage.desktop.display, SCREEN);
      }
    });
  });

  it("knows less without what was measured, or where that is damaged, and fails never for it", async () => {
    const file = workspace.path("runtime/calibration.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const whole = readFileSync(file, "utf8");
    expect((await checked("Plain")).calibrated_at).not.toBeNull();
    await showPart(stage.desktop.display, { ...SCREEN, height: 900 });
    try {
      for (const damaged of [whole.slice(0, 50), "[]", '{"agents":{"Plain":{"at":1,"input":{}}}}', null]) {
        if (damaged === null) rmSync(file);
        else writeFileSync(file, damaged);
        expect(await checked("Plain")).toMatchObject({ state: "fresh", calibrated_at: null });
      }
    } finally {
      await showPart(stage.desktop.display, SCREEN);
      writeFileSync(file, whole);
    }
  });

  it("looks at panes and windows alike", async () => {
    const config = JSON.parse(readFileSync(workspace.path("swarm.json"), "utf8"));
    const gone = { transport: "tmux", pane: "none:0.0", socket: workspace.path("no-server") };
    workspace.writeConfig({ ...config, agents: { Gone: gone, ...config.agents } });
    const { code, stdout } = await workspace.swarm(["calibrate", "--check"]);
    workspace.writeConfig(config);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^stale {4}Gone .*there is no tmux pane none:0\.0/);
    expect(stdout).toContain("swarm calibrate Gone --pane PANE");
    expect(stdout.match(/^fresh/gm)).toHaveLength(2);
  });
});

describe("calibrate --picture", () => {
  it("shows each window's frame, each input point and what is stale, on what the screen shows", async () => {
    const id = stage.windowOf("Rich");
    await stage.windows.move(id, { ...(await stage.windows.place(id)), height: 50 });
    const file = workspace.path("all.png");
    const { code, stdout, stderr } = await workspace.swarm(["calibrate", "--picture", file]);
    expect([code, stdout]).toEqual([
      5,
      expect.stringMatching(/all\.png: 1600 × \d+, 2 agents, 1 fresh, 1 stale\n$/),
    ]);
    expect(stderr).toContain("swarm calibrate Rich");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const picture = await Jimp.read(file);
    expect(picture.bitmap.width).toBe(1_600);
    expect(picture.bitmap.height).toBeGreaterThan(1_000 + 3 * 18);
    const colorAt = (x: number, y: number) => {
      const { r, g, b } = Jimp.intToRGBA(picture.getPixelColor(x, y));
      return [r, g, b];
    };

    const plain = await stage.windows.place(stage.windowOf("Plain"));
    for (const [x, y] of corners(plain)) expect(colorAt(x, y)).toEqual(FRESH);
    const point = await stage.composerAt("Plain");
    for (const [dx, dy] of [
      [0, 0],
      [9, 0],
      [-9, 0],
      [0, 9],
      [0, -9],
    ] as const)
      expect(colorAt(point.x + dx, point.y + dy)).toEqual(FRESH);
    // White around it, and black around that: it is seen on any ground.
    expect(colorAt(point.x + 7, point.y + 2)).toEqual([255, 255, 255]);
    expect(colorAt(point.x + 7, point.y + 3)).toEqual([0, 0, 0]);

    const rich = await stage.windows.place(id);
    expect(colorAt(rich.x + 1, rich.y + 1)).toEqual(STALE);
    expect(colorAt(rich.x + INPUT_POINT.x, rich.y + rich.height + INPUT_POINT.y)).toEqual(STALE);

    const screen = workspace.path("screen.png");
    await stage.desktop.screenshot(screen);
    const shown = await Jimp.read(screen);
    const header = { x: plain.x + 20, y: plain.y + 10, width: 150, height: 25 };
    for (let x = header.x; x < header.x + header.width; x++)
      for (let y = header.y; y < header.y + header.height; y++)
        expect(picture.getPixelColor(x, y)).toBe(shown.getPixelColor(x, y));
  });

  it("names its file in JSON beside what --check says, and draws one agent alone", async () => {
    const file = workspace.path("one.png");
    const args = ["calibrate", "Plain", "--check", "--picture", file];
    const { agents, picture } = await workspace.json<CheckJson>(args);
    expect(agents.map(({ agent, state }) => [agent, state])).toEqual([["Plain", "fresh"]]);
    expect(picture).toMatchObject({ file, width: 1_600 });
    const rich = await stage.windows.place(stage.windowOf("Rich"));
    const drawn = await Jimp.read(file);
    const { r, g, b } = Jimp.intToRGBA(drawn.getPixelColor(rich.x + 1, rich.y + rich.height / 2));
    expect([r, g, b]).not.toEqual(FRESH);
  });

  it("that can't be written is told, with what stands in the way", async () => {
    const { code, stderr } = await workspace.swarm(["calibrate", "--picture", "/nonexistent/p.png"]);
    expect([code, stderr]).toEqual([75, expect.stringContaining("/nonexistent/p.png: ")]);
  });
});

function corners({ x, y, width, height }: Place): readonly (readonly [number, number])[] {
  return [
    [x + 1, y + 1],
    [x + width - 2, y + 1],
    [x + 1, y + height - 2],
    [x + width - 2, y + height - 2],
  ];
}
