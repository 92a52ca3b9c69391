/** `swarm selftest` as a user runs it: on a desktop with windows of a person's, without one, interrupted, in a terminal. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openClipboard } from "../../src/desktop/x11/clipboard.ts";
import { connectX11 } from "../../src/desktop/x11/connection.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import { leakedProcesses } from "../setup/leaks.ts";
import { startTmux } from "../tmux-fixture/tmux.ts";
import type { SelftestJson } from "./json.ts";
import { checkOutput } from "./output-schema.ts";

const COMMAND = resolve("bin/swarm.js");
const USERS = "what the user had copied";
const GRACE_MS = 5_000;

/** Where the selftest makes all that it makes, and which no workspace is in. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "st-"));
  mkdirSync(join(folder, "tmp"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [COMMAND, "selftest", ...args], {
    cwd: folder,
    env: { ...env, TMPDIR: join(folder, "tmp") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (part: Buffer) => {
    text.stdout += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => {
    text.stderr += part.toString();
  });
  const code = new Promise<number | null>((end) => child.on("close", end));
  return { text, code, signal: (name: NodeJS.Signals) => void child.kill(name) };
}

/** A path on which there is the browser, and no tmux. */
function browserOnly(): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const at = (process.env["PATH"] ?? "").split(delimiter).find((each) => existsSync(join(each, "chromium")));
  symlinkSync(join(at ?? "", "chromium"), join(bin, "chromium"));
  return bin;
}

/** Whether some folder of the selftest's has such a file. */
function listedDeep(name: string): boolean {
  return readdirSync(join(folder, "tmp")).some((each) => existsSync(join(folder, "tmp", each, name)));
}

function parsed(stdout: string): SelftestJson {
  const printed = JSON.parse(stdout) as SelftestJson;
  checkOutput(["selftest"], printed);
  return printed;
}

/** Processes carry the folder in their environment. */
async function expectNothingLeft(): Promise<void> {
  expect(await leakedProcesses(`TMPDIR=${join(folder, "tmp")}`, GRACE_MS)).toEqual([]);
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  expect(readdirSync(folder)).toEqual(["tmp"]);
}

const verdicts = ({ checks }: SelftestJson) =>
  checks.map(({ name, verdict, reasons }) => [name, verdict, ...reasons]);

describe("on a desktop where a person is at home", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage({ windows: [{ name: "Person" }] });
  });
  afterAll(() => stage?.stop());
  beforeEach(async () => {
    await stage.windows.activate(stage.windowOf("Person"));
    await stage.person.setClipboard(USERS);
    await stage.person.movePointer(1500, 950);
    await stage.pages.setText("Person", "half a sentence");
  });

  async function expectAsBefore(): Promise<void> {
    expect(await stage.person.clipboard()).toBe(USERS);
    expect(await stage.person.pointer()).toEqual({ x: 1500, y: 950 });
    expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
    expect((await stage.pages.state("Person")).text).toBe("half a sentence");
    expect(stage.pages.submissions("Person")).toEqual([]);
    expect(await stage.windows.find("swarm selftest: the agent")).toEqual([]);
  }

  it("each promise is tried and held within a minute, nothing is left, and everything is as before", async () => {
    const selftest = start(["--json"], stage.desktop.env);
    expect(await selftest.code).toBe(0);
    const report = parsed(selftest.text.stdout);
    expect(verdicts(report)).toEqual(report.checks.map(({ name }) => [name, "held"]));
    expect(new Set(report.checks.map(({ part }) => part))).toEqual(new Set(["inbox", "terminal", "window"]));
    expect(report.checks).toHaveLength(14);
    expect(report.deliveries).toMatchObject({ lost: 0, doubled: 0, misrouted: 0, altered: 0 });
    expect(report.deliveries["delivered"]).toBeGreaterThan(40);
    expect(report.took_ms).toBeLessThan(60_000);
    expect(selftest.text.stderr).toMatch(/two small windows open on display :\d+/);
    await expectAsBefore();
    await expectNothingLeft();
  });

  it("Ctrl+C in the middle of a delivery ends it, nothing is left, and everything is as before", async () => {
    const selftest = start([], stage.desktop.env);
    const agent = "swarm selftest: the agent";
    await until("its window is there", async () => (await stage.windows.find(agent)).length > 0, 40_000);
    const id = await stage.windows.one(agent);
    await until("swarm types into it", async () => (await stage.windows.active()) === id, 40_000, 5);
    selftest.signal("SIGINT");
    expect(await selftest.code).toBe(130);
    expect(selftest.text.stdout).toBe("");
    expect(selftest.text.stderr).toMatch(
      /interrupted; putting everything back\nswarm: everything is back, and what the selftest had made is removed\n$/,
    );
    await expectAsBefore();
    await expectNothingLeft();
  });

  it("killed in the middle it leaves nothing either", async () => {
    const selftest = start([], stage.desktop.env);
    const agent = "swarm selftest: the agent";
    await until("its window is there", async () => (await stage.windows.find(agent)).length > 0, 40_000);
    await until("its terminals are there", () => listedDeep("Plain.log"), 40_000);
    selftest.signal("SIGKILL");
    await selftest.code;
    await until("its windows are gone", async () => (await stage.windows.find(agent)).length === 0);
    await until("its folders are gone", () => readdirSync(join(folder, "tmp")).length === 0);
    await expectNothingLeft();
  });

  it("waits for a person who is at work, types nothing, and says why it could not be tried", async () => {
    let moves = 0;
    const moving = setInterval(() => void stage.person.movePointer(900 + (moves++ % 50), 950), 300);
    try {
      const selftest = start(["--json"], { ...stage.desktop.env, PATH: browserOnly() });
      expect(await selftest.code).toBe(0);
      const { checks } = parsed(selftest.text.stdout);
      const windows = checks.filter(({ part }) => part === "window");
      expect(new Set(windows.map(({ verdict }) => verdict))).toEqual(new Set(["not_tried"]));
      for (const { reasons } of windows) expect(reasons[0]).toMatch(/^human_active: somebody is typing/);
    } finally {
      clearInterval(moving);
    }
    expect(await stage.person.clipboard()).toBe(USERS);
    expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
  });

  it("opens no window where none is wanted", async () => {
    const selftest = start(["--no-window", "--json"], {
      ...stage.desktop.env,
      PATH: dirname(process.execPath),
    });
    expect(await selftest.code).toBe(0);
    const { checks } = parsed(selftest.text.stdout);
    const windows = checks.filter(({ part }) => part === "window");
    expect(windows.map(({ verdict, reasons }) => [verdict, reasons[0]])).toEqual(
      windows.map(() => ["not_tried", "left out with --no-window"]),
    );
    expect(selftest.text.stderr).toBe("");
    await expectAsBefore();
  });

  it("opens no window where what lies in the clipboard could not be put back", async () => {
    const x = await connectX11(stage.desktop.display, () => undefined);
    // As a picture: there is something, and it is no text.
    await (await openClipboard(x)).offer(null);
    const selftest = start(["--json"], { ...stage.desktop.env, PATH: browserOnly() });
    expect(await selftest.code).toBe(0);
    const { checks } = parsed(selftest.text.stdout);
    const windows = checks.filter(({ part }) => part === "window");
    expect(new Set(windows.map(({ reasons }) => reasons[0]))).toEqual(
      new Set(["the clipboard holds what is no text, and could not be put back"]),
    );
    expect(selftest.text.stderr).toBe("");
    x.close();
  });
});

it("without display, browser and tmux it says what could not be tried and why, and tries the rest", async () => {
  const { DISPLAY: _, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const selftest = start(["--json"], { ...env, PATH: join(folder, "tmp") });
  expect(await selftest.code).toBe(0);
  const report = parsed(selftest.text.stdout);
  const reasons = (part: string) =>
    new Set(report.checks.filter((check) => check.part === part).map((check) => check.reasons[0]));
  expect(report.checks.filter(({ verdict }) => verdict === "held").map(({ part }) => part)).toEqual([
    "inbox",
  ]);
  expect(reasons("terminal")).toEqual(new Set(["tmux is not installed"]));
  expect(reasons("window")).toEqual(new Set(["there is no display (DISPLAY is not set)"]));
  await expectNothingLeft();
});

it("shows in a terminal of 80 columns how far it is, and then a table that fits", async () => {
  const server = startTmux();
  try {
    const at = ["-t", "=user:"];
    const size = ["-x", "80", "-y", "80"];
    const variables = ["-e", `TMPDIR=${join(folder, "tmp")}`];
    server.start(["new-session", "-d", "-s", "user", "-c", folder, ...size, ...variables, "bash", "--norc"]);
    server.run(
      "send-keys",
      ...at,
      `clear; ${process.execPath} ${COMMAND} selftest --no-window; echo code=$?`,
      "Enter",
    );
    const screen = (...flags: readonly string[]) => server.run("capture-pane", "-p", ...flags, ...at);
    await until("progress is shown", () => /selftest: \d+ of 14 promises tried, \d+/.test(screen()), 20_000);
    await until("it has ended", () => /^code=/m.test(screen()), 60_000);
    const text = screen("-J");
    expect(text).toMatch(/^code=0$/m);
    expect(text).toContain("8 of 8 promises held, 6 could not be tried here");
    expect(text).not.toContain("promises tried");
    // None was broken by the terminal: the joined lines are those of the screen.
    expect(text.trimEnd()).toBe(screen().trimEnd());
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  } finally {
    server.stop();
  }
  await expectNothingLeft();
});
