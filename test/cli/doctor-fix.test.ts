import {
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { enqueue, queueOf, workspaceFor } from "./fixture.ts";

const HOURS_AGO = new Date(Date.now() - 5 * 3_600_000);

describe("doctor --fix", () => {
  it("makes folders, closes rights, removes what dead processes left, and starts a worker where messages wait", async () => {
    const workspace = workspaceFor();
    const { path } = workspace;
    const id = enqueue(queueOf(workspace));
    rmSync(path("agent_workspaces", "Agent-2"), { recursive: true });
    mkdirSync(path("agent_workspaces", "Agent-2"));
    const stale = path(
      "runtime",
      "queue",
      "tmp",
      "2-1700000000000000-msg_20260131_120000_0a1b2c3d-Agent-1.msg",
    );
    writeFileSync(stale, "half");
    utimesSync(stale, HOURS_AGO, HOURS_AGO);
    const theirs = path("runtime", "queue", "tmp", "of-another-program.json");
    writeFileSync(theirs, "{}", { mode: 0o600 });
    utimesSync(theirs, HOURS_AGO, HOURS_AGO);
    const outside = path("mine.txt");
    writeFileSync(outside, "x");
    chmodSync(outside, 0o644);
    symlinkSync(outside, path("runtime", "queue", "bad", "link"));
    writeFileSync(path("runtime", "queue", "bad", "open"), "x");
    chmodSync(path("runtime", "queue", "bad", "open"), 0o644);
    chmodSync(path("runtime", "queue"), 0o755);

    const { stdout, stderr } = await workspace.swarm(["doctor", "--fix"]);
    expect(stderr).toBe("");
    expect(stdout.split("\nok ")[0]?.split("\n")).toEqual([
      "made agent_workspaces/Agent-2/inbox",
      "closed 2 files and folders in runtime/ to other users",
      "removed 1 file that a dead process left",
      "started a worker: messages wait",
    ]);
    expect([existsSync(stale), existsSync(theirs)]).toEqual([false, true]);
    expect(statSync(path("runtime", "queue", "bad", "open")).mode & 0o777).toBe(0o600);
    expect(statSync(path("runtime", "queue")).mode & 0o777).toBe(0o700);
    expect(statSync(outside).mode & 0o777).toBe(0o644);
    const isDelivered = async () =>
      (await workspace.json<{ status: string }>(["status", id])).status === "delivered";
    await until("it is delivered", isDelivered, 10_000);
  });

  it("says where there is nothing to mend, and changes nothing where there is no workspace", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["doctor", "--fix"]);
    const again = await workspace.swarm(["doctor", "--fix"]);
    expect([again.code, again.stderr]).toEqual([0, "swarm: there was nothing to mend\n"]);
    expect(await workspace.json(["doctor", "--fix"])).toMatchObject({ ok: true, mended: [] });
    const nowhere = await workspace.swarm(["doctor", "--fix", "--root", "nowhere"]);
    expect(nowhere.code).toBe(1);
    expect(nowhere.stdout).toMatch(/^problem {2}workspace/m);
    expect(existsSync(workspace.path("nowhere"))).toBe(false);
  });
});
