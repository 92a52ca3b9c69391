import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import type { SendJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
const DRAFT = "a draft\nof two lines";

interface Calibrated {
  readonly agent: string;
  readonly entry: { readonly window: { readonly title: string }; readonly input: typeof INPUT_POINT };
  readonly delays: Readonly<Record<string, { readonly median_ms: number }>>;
  readonly error: { readonly code: string } | null;
}

/** Runs a command line in a terminal, where somebody presses Enter when asked; what it showed. */
async function inTerminal(line: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], { env });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    if (shown.includes("press Enter here")) child.stdin.end("\n");
  });
  await once(child, "close");
  return shown;
}

describe("calibrate with real windows", () => {
  let stage: Stage;
  let workspace: Workspace;
  const config = () => JSON.parse(readFileSync(workspace.path("swarm.json"), "utf8"));

  beforeAll(async () => {
    stage = await startStage({
      windows: [{ name: "Plain" }, { name: "Rich", composer: "lexical" }, { name: "Person" }],
    });
    workspace = createWorkspace({
      agents: ["Plain", "Rich"],
      config: { agents: { Captain: { transport: "inbox" } }, delivery: { humanIdle: "10ms" } },
      env: stage.desktop.env,
    });
  });
  afterAll(async () => {
    await workspace?.remove();
    await stage?.stop();
  });
  beforeEach(async () => {
    await stage.pages.startAnew(["Plain", "Rich"]);
    stage.pages.forget();
    await stage.windows.activate(stage.windowOf("Person"));
    await stage.person.setClipboard("of the person");
  });

  it.each(["Plain", "Rich"])(
    "finds the window and the point of %s, measures, and leaves it as it was",
    async (name) => {
      await stage.pages.setText(name, DRAFT);
      const before = (await stage.pages.state(name)).text;
      const { x, y } = await stage.composerAt(name);
      const said = await workspace.json<Calibrated>(["calibrate", name, "--at", `${x},${y}`]);
      expect(said).toMatchObject({
        agent: name,
        error: null,
        entry: { window: { title: stage.titleOf(name) } },
      });
      expect(said.entry.input.from).toBe("bottom-left");
      expect(said.delays["raise"]?.median_ms).toBeGreaterThan(0);
      expect(said.delays["answer"]?.median_ms).toBeGreaterThan(0);
      expect(config().agents[name]).toEqual({ ...said.entry, transport: "desktop", profile: "chat" });
      expect(config().agents.Captain).toEqual({ transport: "inbox" });
      const learned = readFileSync(workspace.path("runtime/timing.json"), "utf8");
      expect(learned).toContain(name);
      expect((await stage.pages.state(name)).text).toBe(before);
      expect(stage.pages.submissions()).toEqual([]);
      expect(await stage.person.clipboard()).toBe("of the person");
      expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
      await stage.pages.setText(name, "");
      expect(await workspace.json<SendJson>(["send", name, "found"])).toMatchObject({ status: "delivered" });
      expect(stage.pages.submissions(name)).toHaveLength(1);
    },
  );

  it("takes the place where the person put the pointer", async () => {
    const { x, y } = await stage.composerAt("Plain");
    await stage.person.movePointer(x + 20, y);
    const line = `exec ${process.execPath} ${COMMAND} calibrate Plain --root ${workspace.root}`;
    const printed = await inTerminal(line, {
      ...process.env,
      ...stage.desktop.env,
      SWT_WORKSPACE: workspace.root,
    });
    expect(printed).toContain("Place the pointer over the input field of Plain");
    expect(printed).toContain("swarm send Plain");
    expect(config().agents.Plain.input.x).toBe(INPUT_POINT.x + 20);
    expect(await stage.person.pointer()).toEqual({ x: x + 20, y });
  });

  it("keeps the pattern of a window whose title changes", async () => {
    const before = config();
    const pattern = "/^Plain - /";
    workspace.writeConfig({
      ...before,
      agents: { ...before.agents, Plain: { ...before.agents.Plain, window: { title: pattern } } },
    });
    const { x, y } = await stage.composerAt("Plain");
    expect((await workspace.swarm(["calibrate", "Plain", "--at", `${x},${y}`])).code).toBe(0);
    expect(config().agents.Plain.window.title).toBe(pattern);
  });

  it.each([
    ["no-field", "composer_not_found"],
    ["editor", "draft_present"],
  ] as const)("writes nothing where the point lies wrong, in mode %s: %s", async (mode, code) => {
    await stage.pages.setMode("Plain", mode);
    await stage.windows.activate(stage.windowOf("Person"));
    const before = config();
    const text = (await stage.pages.state("Plain")).text;
    const { x, y } = await stage.composerAt("Plain");
    const said = await workspace.json<Calibrated>(["calibrate", "Plain", "--at", `${x},${y}`]);
    expect(said.error?.code).toBe(code);
    expect(config()).toEqual(before);
    expect((await stage.pages.state("Plain")).text).toBe(text);
  });

  it("writes nothing where the point is another agent's, and names it", async () => {
    const before = config();
    const { x, y } = await stage.composerAt("Plain");
    const at = `${x + 12},${y - 12}`;
    const said = await workspace.json<Calibrated>(["calibrate", "Rich", "--at", at]);
    expect(said.error).toMatchObject({
      code: "window_ambiguous",
      message: `the input field at ${x + 12}, ${y - 12} is that of Plain: what is sent to Rich would arrive there too; nothing was typed`,
      hint: expect.stringContaining("swarm calibrate Plain"),
    });
    expect(config()).toEqual(before);
    // Another field of the same window may well be another agent's.
    const elsewhere = await workspace.json<Calibrated>(["calibrate", "Rich", "--at", `${x + 60},${y}`]);
    expect(elsewhere.entry.window.title).toBe(stage.titleOf("Plain"));
    workspace.writeConfig(before);
  });

  it("names the open windows where there is none at the point", async () => {
    const { code, stderr } = await workspace.swarm(["calibrate", "Plain", "--at", "1590,990"]);
    expect(code).toBe(1);
    expect(stderr).toContain("there is no window at 1590, 990");
    expect(stderr).toContain(`"${stage.titleOf("Rich")}"`);
  });

  it("and doctor finds this desktop in order", async () => {
    const { code, stdout } = await workspace.swarm(["doctor"]);
    expect([code, stdout.split("\n").filter((line) => line.startsWith("problem"))]).toEqual([0, []]);
    expect(stdout).toContain("desktop");
  });
});
