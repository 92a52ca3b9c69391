import { describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { breakInbox, normal, start, workspaceFor } from "./fixture.ts";

describe("log", () => {
  const RETRY = { delivery: { attempts: 2, backoff: { initial: "20ms" } }, alerts: { retryRate: 1 } };

  it("tells what happened to whom, and why", async () => {
    const workspace = workspaceFor({ config: RETRY });
    await workspace.swarm(["send", "Agent-1", "x"]);
    breakInbox(workspace, "Agent-2");
    await workspace.swarm(["send", "Agent-2", "x"]);
    const { code, stdout, stderr } = await workspace.swarm(["log", "--last", "4"]);
    const text = normal(stdout, workspace)
      .replace(/\d\d-\d\d \d\d:\d\d:\d\d/g, "01-31 12:00:00")
      .replace(/\n {16}/g, " ");
    await expect(text).toMatchFileSnapshot("golden/log.txt");
    expect([code, stderr]).toEqual([0, ""]);
    const one = await workspace.json<{ events: object[] }>(["log", "--agent", "Agent-1"]);
    expect(one.events).toMatchObject([{ event: "delivered", recipient: "Agent-1", attempts: "1" }]);
  });

  it("goes on with what happens until it is ended", async () => {
    const workspace = workspaceFor();
    const following = start(workspace, "log", "--follow", "--json", "--agent", "Agent-2");
    await workspace.swarm(["send", "Agent-1", "x"]);
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-2", "x"]);
    await until("it is told", () => following.output().includes(id));
    following.signal("SIGINT");
    expect(await following.ended).toBe(0);
    const told = following
      .output()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(told).toMatchObject([{ schema: 1, event: "delivered", recipient: "Agent-2", id }]);
  });

  it("says that there is nothing, and refuses what is no agent or count", async () => {
    const workspace = workspaceFor();
    expect(await workspace.swarm(["log", "--agent", "Agent-1"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "swarm: nothing is in the log of Agent-1 yet\n",
    });
    expect((await workspace.swarm(["log", "--agent", "Agnet-1"])).code).toBe(3);
    expect((await workspace.swarm(["log", "--last", "many"])).code).toBe(2);
  });
});
