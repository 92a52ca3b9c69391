import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/domain/errors.ts";
import { breakInbox, enqueueEnded, queueOf, SOME_ERROR, workspaceFor } from "./fixture.ts";

describe("explain", () => {
  it("says what would happen to a message for an agent now", async () => {
    const workspace = workspaceFor();
    enqueueEnded(queueOf(workspace), { type: "failed", at: Date.now(), error: SOME_ERROR });
    expect(await workspace.swarm(["explain", "Agent-1"])).toEqual({
      code: 0,
      stdout: [
        "Agent-1 by inbox",
        "inbox         agent_workspaces/Agent-1/inbox",
        "queue         1 failed",
        "a message could be delivered now",
        "",
      ].join("\n"),
      stderr: "",
    });
    expect(await workspace.json(["explain", "Agent-1"])).toMatchObject({
      agent: "Agent-1",
      transport: "inbox",
      ready: true,
      obstacles: [],
      failed: 1,
      queued: 0,
    });
  });

  it("says what stands in the way, and exits with 5 where only a person helps", async () => {
    const desktop = { transport: "desktop", window: { title: "X" }, input: { x: 9, y: 9, from: "top-left" } };
    const workspace = workspaceFor({
      config: { agents: { T: { transport: "tmux", pane: "none:0.0", socket: "/nowhere" }, D: desktop } },
    });
    breakInbox(workspace, "Agent-1");
    const pane = await workspace.swarm(["explain", "T"]);
    expect(pane.code).toBe(5);
    expect(pane.stdout).toMatch(/^T by tmux\n.*\npane_not_found: .*\n {2}hint: /s);
    const window = await workspace.swarm(["explain", "D"], { env: { DISPLAY: "" } });
    expect(window.code).toBe(5);
    expect(window.stdout).toMatch(/^D by desktop\n.*\ndesktop_unavailable: .*\n {2}hint: /s);
  });

  it("says what an error code means, also outside of a workspace", async () => {
    const workspace = workspaceFor();
    for (const code of ["usage", ...ERROR_CODES.slice(0, 3)]) {
      const { stdout, stderr, ...end } = await workspace.swarm(["--root", "/nowhere", "explain", code]);
      expect([end.code, stderr]).toEqual([0, ""]);
      expect(stdout.split("\n")[0]).toBe(code);
      expect(stdout.length).toBeGreaterThan(80);
      expect(stdout).not.toContain("#");
    }
  });

  it("of something else ends with 3", async () => {
    const { code, stderr } = await workspaceFor().swarm(["explain", "Agent-11"]);
    expect(code).toBe(3);
    expect(stderr).toContain("did you mean Agent-1?");
  });
});
