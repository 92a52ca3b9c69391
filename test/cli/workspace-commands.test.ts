import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { enqueue, normal, queueOf, start, workspaceFor } from "./fixture.ts";

describe("init", () => {
  it("makes a workspace that can be used at once", async () => {
    const workspace = workspaceFor({ agents: [] });
    rmSync(workspace.path("agent_workspaces"), { recursive: true });
    const { code, stdout, stderr } = await workspace.swarm(["init", "--agents", "2"]);
    expect(stdout).toBe("made swarm.json\nmade agent_workspaces/Agent-1\nmade agent_workspaces/Agent-2\n");
    expect(normal(stderr, workspace)).toBe('swarm: 2 agents in /ROOT; try: swarm send Agent-1 "hello"\n');
    expect(code).toBe(0);
    expect(readFileSync(workspace.path("swarm.json"), "utf8")).toMatchInlineSnapshot(`
      "{
        "agents": {
          "Agent-1": { "transport": "inbox" },
          "Agent-2": { "transport": "inbox" }
        },
        "groups": {}
      }
      "
    `);
    expect((await workspace.swarm(["send", "Agent-2", "hello"])).code).toBe(0);
  });

  it("never overwrites, and says what stays", async () => {
    const workspace = workspaceFor({ agents: ["Agent-1"], config: { delivery: { attempts: 7 } } });
    const before = readFileSync(workspace.path("swarm.json"), "utf8");
    const made = await workspace.json(["init", "--agents", "2"]);
    expect(made).toEqual({
      schema: 1,
      root: workspace.root,
      made: ["agent_workspaces/Agent-2"],
      kept: ["swarm.json", "agent_workspaces/Agent-1"],
    });
    expect(readFileSync(workspace.path("swarm.json"), "utf8")).toBe(before);
  });

  it("makes the folder that --root names, and not one above", async () => {
    const workspace = workspaceFor();
    expect((await workspace.swarm(["init", "--agents", "1", "--root", "a/b"])).code).toBe(0);
    expect(existsSync(workspace.path("a", "b", "swarm.json"))).toBe(true);
    mkdirSync(workspace.path("inner"));
    await workspace.swarm(["init"], { cwd: workspace.path("inner") });
    expect(existsSync(workspace.path("inner", "swarm.json"))).toBe(true);
  });

  it.each(["0", "1001", "-1", "many", ""])("refuses %j agents", async (count) => {
    const workspace = workspaceFor();
    const { code, stderr } = await workspace.swarm(["init", `--agents=${count}`]);
    expect(stderr).toContain("--agents must be a number from 1 to 1000");
    expect(code).toBe(2);
    expect(existsSync(workspace.path("swarm.json"))).toBe(false);
  });
});

describe("config", () => {
  it("shows the effective values and where each came from", async () => {
    const agents = {
      "Agent-2": {
        transport: "desktop",
        window: { title: "Agent-2 - Cursor" },
        input: { x: 300, y: -70, from: "bottom-left" },
      },
      "Agent-3": { transport: "tmux", pane: "swarm:agents.0" },
    };
    const profiles = { mine: { extends: "chat", submit: "Ctrl+Enter" } };
    const config = {
      agents,
      groups: { all: ["Agent-1", "Agent-2"] },
      profiles,
      delivery: { attempts: 5, header: false },
    };
    const workspace = workspaceFor({ config, env: { SWARM_DELIVERY_HUMAN_IDLE: "2s" } });
    const { code, stdout } = await workspace.swarm(["config", "show"]);
    await expect(normal(stdout.replace('"2s"', '"TWO"'), workspace)).toMatchFileSnapshot(
      "golden/config-show.txt",
    );
    expect(code).toBe(0);
    expect(await workspace.json(["config", "show"])).toMatchObject({
      schema: 1,
      root: { value: workspace.root, source: "folder" },
      file: workspace.path("swarm.json"),
      settings: {
        "delivery.attempts": { value: 5, source: "swarm.json" },
        "delivery.humanIdle": { value: "2s", source: "SWARM_DELIVERY_HUMAN_IDLE" },
        "delivery.maxBytes": { value: 1048576, source: "default" },
      },
      agents: {
        "Agent-1": { value: { transport: "inbox" }, source: "agent_workspaces" },
        "Agent-2": { value: { ...agents["Agent-2"], profile: "chat" }, source: "swarm.json" },
      },
    });
  });

  it("ships the schema that it prints", async () => {
    const { code, stdout } = await workspaceFor().swarm(["config", "schema"]);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(import.meta.dirname, "../../schema/swarm.schema.json"), "utf8"));
  });
});

describe("worker", () => {
  it("with --drain delivers what waits and ends", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    for (const recipient of ["Agent-1", "Agent-2"]) enqueue(queue, { recipient });
    const { code, stdout, stderr } = await workspace.swarm(["worker", "--drain"]);
    expect(normal(stderr, workspace)).toBe(
      "swarm: worker 4711 delivers in /ROOT\nswarm: nothing waits any more\n",
    );
    expect(stdout).toBe("");
    expect(code).toBe(0);
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(1);
    expect(workspace.inboxFiles("Agent-2")).toHaveLength(1);
  });

  it("with --drain waits for another worker to deliver everything", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-1", "x"]);
    const { code, stderr } = await workspace.swarm(["worker", "--drain"]);
    expect(stderr).toContain("another worker runs; waiting until it has delivered everything");
    expect(code).toBe(0);
  });

  it("runs until it is asked to end, and takes over from another", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-1", "x"]);
    const background = await workspace.workerPid();
    const service = start(workspace, "worker");
    await until("the service waits", () =>
      service.output().includes("another worker runs; waiting for its end to take over"),
    );
    if (background !== null) process.kill(background, "SIGTERM");
    const pid = await until("the service has taken over", async () => {
      const running = await workspace.workerPid();
      return running !== background && running;
    });
    expect((await workspace.swarm(["send", "Agent-1", "y"])).code).toBe(0);
    process.kill(pid, "SIGTERM");
    expect(await service.ended).toBe(0);
    expect(service.output()).toContain("\nswarm: ended\n");
  });

  it("excludes --drain with --background", async () => {
    expect((await workspaceFor().swarm(["worker", "--drain", "--background"])).code).toBe(2);
  });
});

describe("doctor", () => {
  it("finds nothing wrong in a good workspace", async () => {
    const workspace = workspaceFor();
    const { code, stdout } = await workspace.swarm(["doctor"]);
    expect(stdout.split("\n").filter((line) => line !== "" && !line.startsWith("ok "))).toEqual([]);
    expect(code).toBe(0);
    expect(await workspace.json(["doctor"])).toMatchObject({ schema: 1, ok: true });
  });

  it("names each thing that does not work with its remedy", async () => {
    const agents = {
      "Agent-3": { transport: "tmux", pane: "a:0.0" },
      "Agent-4": { transport: "desktop", window: { title: "x" }, input: { x: 1, y: 1, from: "screen" } },
    };
    const workspace = workspaceFor({ config: { agents }, env: { DISPLAY: "", WAYLAND_DISPLAY: "" } });
    enqueue(queueOf(workspace));
    writeFileSync(workspace.path("runtime", "queue", "bad", "x.json"), "{");
    const { code, stdout } = await workspace.swarm(["doctor"]);
    expect(code).toBe(1);
    const problems = stdout.split("\n").filter((line) => line.startsWith("problem"));
    expect(problems.map((line) => line.split(/ {2,}/)[1])).toEqual(["parked files", "Agent-3", "desktop"]);
    const { checks } = await workspace.json<{ checks: { ok: boolean; remedy: string }[] }>(["doctor"]);
    expect(checks.filter(({ ok, remedy }) => ok !== (remedy === ""))).toEqual([]);
  });

  it("reports a wrong configuration and a missing workspace as findings", async () => {
    const workspace = workspaceFor({ config: { agnets: {} } });
    const { code, stdout } = await workspace.swarm(["doctor"]);
    expect(stdout).toMatch(/^problem {2}configuration {2}agnets: unknown key/m);
    expect(code).toBe(1);
    const missing = await workspace.swarm(["doctor", "--root", "nowhere"]);
    expect(missing.stdout).toMatch(/^problem {2}workspace {2}--root names .*nowhere, which does not exist/m);
    expect(missing.code).toBe(1);
  });

  it("leaves nothing behind", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["doctor"]);
    expect(statSync(workspace.path("runtime", "queue", "tmp")).isDirectory()).toBe(true);
    expect(queueOf(workspace).scan(new Set())).toEqual([]);
    expect((await workspace.swarm(["status"])).code).toBe(0);
  });
});

describe("calibrate refuses", () => {
  it.each([
    [["Agent-1"], "there is no terminal on which to say that the pointer is in place"],
    [["Agent-1", "--at", "here"], '--at is no point of the screen: "here"'],
    [["Agent-1", "--at", "1,2", "--profile", "curser"], 'there is no profile "curser"'],
    [["Agent-3", "--profile", "codx"], 'there is no profile "codx" for agents in panes'],
    [["--pane", "a:0.0"], "one pane can't be that of several agents"],
    [["Agent-1", "--countdown", "3s"], "there is no terminal on which to say that the pointer is in place"],
    [["--check", "--at", "1,2"], "--at shows swarm a place, and --check and --picture only look"],
    [["Agent-1", "--check"], "Agent-1 has neither a window nor a pane: there is nothing to check"],
    [["--picture", "p.png"], "there is no agent in a window to draw"],
  ])("%j", async (argv, message) => {
    const agents = {
      "Agent-3": { transport: "tmux", pane: "a:0.0" },
      "Agent-4": { transport: "tmux", pane: "b:0.0" },
    };
    const { code, stdout, stderr } = await workspaceFor({ config: { agents } }).swarm(["calibrate", ...argv]);
    expect(stderr).toContain(`swarm: ${message}`);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("to call fresh what it can't look at, with 5 where there is no desktop", async () => {
    const agent = { transport: "desktop", window: { title: "x" }, input: { x: 1, y: 1, from: "top-left" } };
    const workspace = workspaceFor({
      config: { agents: { "Agent-5": agent } },
      env: { DISPLAY: "", WAYLAND_DISPLAY: "" },
    });
    const check = await workspace.swarm(["calibrate", "--check"]);
    expect(check.stdout).toMatch(/^unknown {2}Agent-5 {2}there is no desktop here: .*\n {18}set "desktop"/);
    expect([check.code, check.stderr]).toEqual([5, "swarm: 1 agent, 0 fresh, 1 not to be seen\n"]);
    const picture = await workspace.swarm(["calibrate", "--picture", "p.png"]);
    expect([picture.code, picture.stderr]).toEqual([
      5,
      expect.stringContaining("no picture can be made: there is no"),
    ]);
    expect(existsSync(workspace.path("p.png"))).toBe(false);
    expect(await workspace.json(["calibrate", "--check"])).toMatchObject({
      agents: [{ agent: "Agent-5", state: "unknown", error: { code: "desktop_unavailable" } }],
    });
  });

  it("nothing where no agent has a window or a pane, and says so", async () => {
    const { code, stdout, stderr } = await workspaceFor().swarm(["calibrate", "--check"]);
    expect([code, stdout, stderr]).toEqual([0, "", expect.stringContaining("there is nothing to check")]);
  });

  it("to choose where no agent has a window or a pane", async () => {
    const { code, stderr } = await workspaceFor().swarm(["calibrate"]);
    expect(stderr).toContain("swarm: no agent of this workspace has a window or a pane yet");
    expect(code).toBe(2);
  });

  it("to list panes where no tmux server runs", async () => {
    const { code, stderr } = await workspaceFor().swarm([
      "calibrate",
      "--panes",
      "--socket",
      "/nonexistent/tmux",
    ]);
    expect(stderr).toContain("swarm: the tmux server /nonexistent/tmux can't be asked for its panes");
    expect(code).toBe(1);
  });

  it("a point while there is no desktop, with 5", async () => {
    const workspace = workspaceFor({ env: { DISPLAY: "", WAYLAND_DISPLAY: "" } });
    const { code, stderr } = await workspace.swarm(["calibrate", "Agent-1", "--at", "1,2"]);
    expect(stderr).toContain("swarm: Agent-1: there is no desktop here");
    expect(code).toBe(5);
    expect(existsSync(workspace.path("swarm.json"))).toBe(false);
  });
});
