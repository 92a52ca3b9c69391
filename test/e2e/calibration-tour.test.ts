/** `swarm calibrate` as a tour, in a real terminal, with a person who moves the pointer: stopped, and gone on with. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const COMMAND = `${process.execPath} ${resolve("bin/swarm.js")}`;
/** Nobody waits for its end in these tests: Enter says that the pointer is there. */
const LONG = "--countdown 10m";
const KNOWN = {
  transport: "desktop",
  window: { title: "never shown" },
  input: { x: 1, y: 1, from: "top-left" },
};

let stage: Stage;
let server: TmuxServer;
let workspace: Workspace;
let terminals = 0;

beforeAll(async () => {
  server = startTmux();
  stage = await startStage({
    windows: [{ name: "Plain" }, { name: "Rich", composer: "lexical" }, { name: "Person" }],
  });
});
afterAll(async () => {
  await stage?.stop();
  server?.stop();
});
beforeEach(() => {
  workspace = createWorkspace({
    agents: ["Captain"],
    config: { agents: { Plain: KNOWN, Rich: KNOWN }, delivery: { humanIdle: "10ms" } },
    env: stage.desktop.env,
  });
});
afterEach(() => workspace?.remove());

/** A shell in the workspace on the stage's desktop. */
function terminal(columns = 80) {
  const name = `tour-${++terminals}`;
  const { DISPLAY = "", XDG_RUNTIME_DIR = "" } = stage.desktop.env;
  const variables = Object.entries({ DISPLAY, XDG_RUNTIME_DIR, SWT_WORKSPACE: workspace.root });
  server.start([
    ...["new-session", "-d", "-s", name, "-c", workspace.root, "-x", String(columns), "-y", "50"],
    ...variables.flatMap(([key, value]) => ["-e", `${key}=${value}`]),
    ...["bash", "--norc", "--noprofile"],
  ]);
  const at = ["-t", `=${name}:`];
  const screen = () => server.run("capture-pane", "-p", ...at);
  return {
    run: (line: string) => void server.run("send-keys", ...at, line, "Enter"),
    press: (...keys: readonly string[]) => void server.run("send-keys", ...at, ...keys),
    screen,
    /** Waits for a text on the screen, with blanks and line ends taken as one. */
    shows: (text: string) =>
      until(`the terminal shows "${text}"`, () => screen().replace(/\s+/g, " ").includes(text), 60_000),
    hangUp: () => void server.run("kill-session", "-t", `=${name}`),
  };
}

const entryOf = (name: string) => JSON.parse(readFileSync(workspace.path("swarm.json"), "utf8")).agents[name];
const rightEntry = (name: string) => ({
  transport: "desktop",
  profile: "chat",
  window: { title: stage.titleOf(name) },
  input: INPUT_POINT,
});

async function place(name: string): Promise<void> {
  const { x, y } = await stage.composerAt(name);
  await stage.person.movePointer(x, y);
}

describe("the tour of calibrate", () => {
  it("goes through all agents, can be stopped, and goes on with those that are not done", async () => {
    const pane = await server.agent("terminal-agent");
    const config = JSON.parse(readFileSync(workspace.path("swarm.json"), "utf8"));
    const inPane = { transport: "tmux", pane: pane.target, socket: server.socket };
    workspace.writeConfig({ ...config, agents: { ...config.agents, Term: inPane } });
    const at = terminal();
    at.run(`clear; ${COMMAND} calibrate ${LONG}; echo ended $?`);
    await at.shows("1 of 3: Plain");
    await at.shows("600 s Enter: it is there s: skip Ctrl+C: stop");
    await place("Plain");
    at.press("Enter");
    await at.shows('window "Plain - Chat", point 120, -60 from bottom-left');
    await at.shows("probe 3 of 3: read back and removed raise ");
    await at.shows("2 of 3: Rich");
    // What is done is kept at once, whatever comes.
    expect(entryOf("Plain")).toEqual(rightEntry("Plain"));
    at.press("C-c");
    await at.shows("2 agents to go; go on with: swarm calibrate");
    await at.shows("ended 130");
    expect(entryOf("Rich")).toEqual(KNOWN);
    at.run("clear; stty -a");
    await at.shows(" icanon");
    expect(at.screen()).toMatch(/(?<!-)isig (?<!-)icanon/);

    at.run(`clear; ${COMMAND} calibrate --countdown 3s; echo ended $?`);
    await at.shows("1 agent of 3 kept, as swarm was shown before: Plain");
    await at.shows("2 of 3: Rich");
    // While it counts down; the terminal need not have the focus.
    await place("Rich");
    await at.shows("3 of 3: Term");
    await at.shows("ended 0");
    const table = at
      .screen()
      .split("\n")
      .filter((line) => /^(agent|Plain|Rich|Term) {2}/.test(line));
    expect(table.map((line) => line.split(/ {2,}/).at(-1))).toEqual([
      "state",
      "kept",
      "calibrated",
      "calibrated",
    ]);
    expect(table[1]).toMatch(/Plain - Chat +120, -60 bottom-left +\d+ ms +\d+ ms +kept/);
    expect(entryOf("Rich")).toEqual(rightEntry("Rich"));
    expect(entryOf("Term")).toMatchObject({ pane: pane.target, profile: "generic" });
    expect([...stage.pages.submissions(), ...pane.submitted()]).toEqual([]);

    at.run(`clear; ${COMMAND} calibrate; echo ended $?`);
    await at.shows("all agents are as swarm was shown before: Plain, Rich, Term; to do all anew");
    await at.shows("ended 0");
  });

  it("does again what is stale, skips an agent on s, and all anew with --again", async () => {
    const at = terminal(60);
    for (const name of ["Plain", "Rich"]) {
      const { x, y } = await stage.composerAt(name);
      await workspace.swarm(["calibrate", name, "--at", `${x},${y}`]);
    }
    const id = stage.windowOf("Rich");
    const home = await stage.windows.place(id);
    await stage.windows.move(id, { ...home, height: 50 });
    at.run(`clear; ${COMMAND} calibrate ${LONG}; echo ended $?`);
    await at.shows("2 of 2: Rich, whose window or screen has another size now");
    at.press("s");
    await at.shows("ended 0");
    expect(at.screen()).toMatch(/^Rich .*skipped$/m);
    await stage.windows.move(id, home);
    at.run(`clear; ${COMMAND} calibrate --again ${LONG}; echo ended $?`);
    await at.shows("1 of 2: Plain");
    at.press("s");
    await at.shows("2 of 2: Rich");
    at.press("s");
    await at.shows("ended 0");
    expect(
      Math.max(
        ...at
          .screen()
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(60);
  });

  it("does not take a field for two agents, and asks again where two have one", async () => {
    const { x, y } = await stage.composerAt("Plain");
    for (const name of ["Rich", "Plain"]) {
      workspace.writeConfig({ agents: { [name]: KNOWN }, delivery: { humanIdle: "10ms" } });
      expect((await workspace.swarm(["calibrate", name, "--at", `${x},${y}`])).code).toBe(0);
    }
    workspace.writeConfig({ agents: { Plain: entryOf("Plain"), Rich: entryOf("Plain") } });
    const at = terminal();
    at.run(`clear; ${COMMAND} calibrate ${LONG}; echo ended $?`);
    await at.shows("1 of 2: Plain, whose input field is that of Rich too");
    await place("Plain");
    at.press("Enter");
    await at.shows("2 of 2: Rich, whose input field is that of Plain too");
    at.press("Enter");
    await at.shows("is that of Plain: what is sent to Rich would arrive there too; nothing was typed");
    await at.shows("ended 1");
    expect(at.screen()).toMatch(/^Rich .*window_ambiguous$/m);
  });

  it("types nothing where the pointer was not moved", async () => {
    await place("Plain");
    await stage.pages.setText("Plain", "");
    const at = terminal();
    at.run(`clear; ${COMMAND} calibrate Plain --countdown 1s; echo ended $?`);
    await at.shows("the pointer was not moved, so swarm was not shown the input field of Plain");
    await at.shows("ended 1");
    expect(entryOf("Plain")).toEqual(KNOWN);
    expect(at.screen()).not.toContain("typing a probe");
  });

  it("removes its probe first when it is stopped in the middle, or the terminal is closed", async () => {
    const at = terminal();
    at.run(`clear; ${COMMAND} calibrate ${LONG}; echo ended $?`);
    await at.shows("1 of 2: Plain");
    await place("Plain");
    at.press("Enter");
    await at.shows("typing a probe");
    at.press("C-c");
    await at.shows("ended 130");
    expect(at.screen()).not.toContain("2 of 2: Rich\n");
    expect((await stage.pages.state("Plain")).text).toBe("");

    at.run(`clear; ${COMMAND} calibrate ${LONG}`);
    await at.shows("2 of 2: Rich");
    await place("Rich");
    at.press("Enter");
    await at.shows("typing a probe");
    at.hangUp();
    await until("it has ended", () => workspace.processes().length === 0, 60_000);
    expect((await stage.pages.state("Rich")).text).toBe("");
    expect(entryOf("Rich")).toEqual(rightEntry("Rich"));
  });
});
