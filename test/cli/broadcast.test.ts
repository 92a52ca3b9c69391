import { describe, expect, it } from "vitest";
import { breakInbox, enqueue, normal, queueOf, workspaceFor } from "./fixture.ts";

const AGENTS = ["Agent-1", "Agent-2", "Agent-10"];
const GROUPS = { builders: ["Agent-1", "Agent-2"] };

interface BroadcastJson {
  readonly broadcast_id: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly messages: readonly {
    readonly id: string;
    readonly recipient: string;
    readonly broadcast_id: string;
    readonly status: string;
  }[];
}

describe("a broadcast", () => {
  it("tells a line per recipient", async () => {
    const workspace = workspaceFor({ agents: AGENTS });
    const { code, stdout, stderr } = await workspace.swarm(["broadcast", "hello"]);
    expect(normal(stdout, workspace)).toBe(
      [
        "Agent-1   delivered  7 ms  msg_20260131_120000_0a1b2c3d",
        "Agent-2   delivered  7 ms  msg_20260131_120000_0a1b2c3d",
        "Agent-10  delivered  7 ms  msg_20260131_120000_0a1b2c3d",
        "",
      ].join("\n"),
    );
    expect(stderr).toBe("swarm: 3 of 3 messages delivered\n");
    expect(code).toBe(0);
  });

  it("is told as the documented JSON", async () => {
    const workspace = workspaceFor({ agents: AGENTS });
    const sent = await workspace.json<BroadcastJson>(["broadcast", "hello"]);
    expect(Object.keys(sent)).toEqual(["schema", "broadcast_id", "counts", "messages"]);
    expect(sent.counts).toEqual({
      queued: 0,
      delivering: 0,
      delivered: 3,
      failed: 0,
      unconfirmed: 0,
      cancelled: 0,
      expired: 0,
    });
    expect(sent.messages.map(({ recipient }) => recipient)).toEqual(AGENTS);
    expect(new Set(sent.messages.map(({ broadcast_id }) => broadcast_id))).toEqual(
      new Set([sent.broadcast_id]),
    );
    expect(sent.broadcast_id).toMatch(/^bc_/);
  });

  it.each([
    [
      ["--to", "Agent-1,Agent-10"],
      ["Agent-1", "Agent-10"],
    ],
    [
      ["--to", "builders"],
      ["Agent-1", "Agent-2"],
    ],
    [
      ["--to", "builders, Agent-2", "--to", "Agent-10"],
      ["Agent-1", "Agent-2", "Agent-10"],
    ],
    [
      ["--except", "Agent-2"],
      ["Agent-1", "Agent-10"],
    ],
    [["--except", "builders"], ["Agent-10"]],
    [
      ["--to", "builders,Agent-10", "--except", "Agent-1"],
      ["Agent-2", "Agent-10"],
    ],
  ])("with %j goes once to each of %j", async (argv, recipients) => {
    const workspace = workspaceFor({ agents: AGENTS, config: { groups: GROUPS } });
    const { messages } = await workspace.json<BroadcastJson>(["broadcast", "hello", "--no-wait", ...argv]);
    expect(messages.map(({ recipient }) => recipient)).toEqual(recipients);
  });

  it("with --no-wait says what was queued", async () => {
    const workspace = workspaceFor({ agents: ["Agent-1"] });
    const { code, stdout } = await workspace.swarm(["broadcast", "hello", "--no-wait"]);
    expect(normal(stdout, workspace)).toBe("Agent-1  queued  msg_20260131_120000_0a1b2c3d\n");
    expect(code).toBe(0);
  });

  it("ends with the worst of its outcomes and tells each cause", async () => {
    const workspace = workspaceFor({ agents: AGENTS, config: { delivery: { attempts: 1 } } });
    breakInbox(workspace, "Agent-2");
    const { code, stdout, stderr } = await workspace.swarm(["broadcast", "hello"]);
    expect(normal(stdout, workspace)).toContain("msg_20260131_120000_0a1b2c3d  inbox_unwritable\n");
    expect(stderr).toMatch(/^swarm: 2 of 3 messages delivered\nswarm: Agent-2: .+\n {2}hint: .+\n$/);
    expect(code).toBe(1);
  });

  it("tells a cause that many share three times and counts the rest", async () => {
    const agents = ["A", "B", "C", "D", "E"];
    const workspace = workspaceFor({ agents, config: { delivery: { attempts: 1 } } });
    for (const agent of agents) breakInbox(workspace, agent);
    const { stderr } = await workspace.swarm(["broadcast", "hello"]);
    expect(stderr.match(/^swarm: [A-E]: /gm)).toHaveLength(3);
    expect(stderr).toContain("swarm: and 2 more for the same cause\n");
  });

  it("with a key that was used for some queues the others only", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-2", "hello", "--key", "k"]);
    const { stderr } = await workspace.swarm(["broadcast", "hello", "--key", "k"]);
    expect(stderr).toContain("swarm: the key was used before for 1 agent; ");
    expect([workspace.inboxFiles("Agent-1").length, workspace.inboxFiles("Agent-2").length]).toEqual([1, 1]);
  });
});

describe("a broadcast that is refused queues nothing", () => {
  it.each([
    [["hello", "--to", "Agent-1,Agent-3"], 3, "there is no agent Agent-3"],
    [["hello", "--to", "Agent-1,,Agent-2"], 2, '"" can\'t be the name of an agent'],
    [["hello", "--except", "nobody"], 3, "there is no agent nobody"],
    [["hello", "--to", "Agent-1", "--except", "Agent-1"], 2, "no agent is left to send to"],
    [["Agent-1", "hello"], 2, "too many arguments for 'broadcast'"],
    [["", "--except", "Terminal"], 2, "the message is empty"],
  ])("%j", async (argv, exit, message) => {
    const agents = { Terminal: { transport: "tmux", pane: "a:0.0" } };
    const workspace = workspaceFor({ agents: AGENTS, config: { agents, groups: GROUPS } });
    const { code, stdout, stderr } = await workspace.swarm(["broadcast", ...argv]);
    expect(stderr).toContain(`swarm: ${message}`);
    expect(stdout).toBe("");
    expect(code).toBe(exit);
    expect(queueOf(workspace).scan(new Set())).toEqual([]);
  });

  it("in a workspace without agents", async () => {
    const { code, stderr } = await workspaceFor({ agents: [] }).swarm(["broadcast", "hello"]);
    expect(stderr).toContain("there are no agents in ");
    expect(stderr).toContain("swarm init");
    expect(code).toBe(2);
  });

  it("with a key that one of them got another text for", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    enqueue(queue, { recipient: "Agent-2", key: "k" });
    const { code } = await workspace.swarm(["broadcast", "another text", "--key", "k"]);
    expect(code).toBe(2);
    expect(queue.scan(new Set())).toHaveLength(1);
  });
});
