import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Workspace } from "../e2e/workspace.ts";
import { enqueue, normal, queueOf, workspaceFor } from "./fixture.ts";

const UNKNOWN = "msg_20260131_120000_0a1b2c3d";

describe("cancel", () => {
  it("takes back a message that waits", async () => {
    const workspace = workspaceFor();
    const id = enqueue(queueOf(workspace));
    const { code, stdout } = await workspace.swarm(["cancel", id]);
    expect(stdout).toBe(`${id} cancelled; Agent-1 will not get it\n`);
    expect(code).toBe(0);
    expect(await workspace.json(["status", id])).toMatchObject({ status: "cancelled" });
    await workspace.swarm(["worker", "--drain"]);
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
  });

  it("of all for an agent takes back what waits for it, and nothing of others", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    const own = [1, 2, 3].map(() => enqueue(queue));
    const other = enqueue(queue, { recipient: "Agent-2" });
    for (const args of [["--all"], ["--agent", "Agent-1"], [own[0] ?? "", "--agent", "Agent-1", "--all"], []])
      expect((await workspace.swarm(["cancel", ...args])).code).toBe(2);
    const all = await workspace.json<{ messages: { id: string; status: string }[] }>([
      "cancel",
      "--agent",
      "Agent-1",
      "--all",
    ]);
    expect(all.messages.map(({ id, status }) => [id, status])).toEqual(own.map((id) => [id, "cancelled"]));
    const again = await workspace.swarm(["cancel", "--agent", "Agent-1", "--all"]);
    expect(again.stdout).toBe("0 messages cancelled; Agent-1 will not get them\n");
    expect(await workspace.json(["status", other])).toMatchObject({ status: "queued" });
  });

  it("of a delivered message ends with 1 and says why", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-1", "x"]);
    const { code, stdout, stderr } = await workspace.swarm(["cancel", id]);
    expect(stderr).toContain(
      `swarm: ${id} can't be cancelled: it is delivered\n  hint: only a message that still waits`,
    );
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });
});

describe("read", () => {
  it("prints the body to the last byte and nothing else", async () => {
    const workspace = workspaceFor();
    const body = "# häding\n\n👩‍💻 \t\n\n";
    const id = enqueue(queueOf(workspace), { body });
    expect(await workspace.swarm(["read", id])).toEqual({ code: 0, stdout: body, stderr: "" });
    expect(await workspace.json(["read", id])).toMatchObject({ schema: 1, id, body });
  });
});

describe("ack", () => {
  it("is evidence, with who said it", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-1", "x"]);
    const { code, stdout } = await workspace.swarm(["ack", id], { env: { SWARM_AGENT: "Agent-1" } });
    expect(stdout).toBe(`${id} acknowledged by Agent-1\n`);
    expect(code).toBe(0);
    const details = await workspace.json<{ events: object[] }>(["status", id]);
    expect(details).toMatchObject({ status: "delivered", evidence: ["inbox_file", "acknowledged"] });
    expect(details.events.at(-1)).toMatchObject({ type: "acknowledged", by: "Agent-1" });
  });
});

it.each(["cancel", "read", "ack", "status", "reply"])(
  "%s of an id that nothing has ends with 3, also where it is none",
  async (command) => {
    const workspace = workspaceFor();
    for (const id of [UNKNOWN, "../../etc/passwd", "x"]) {
      const { code, stdout, stderr } = await workspace.swarm([command, id]);
      expect(stderr).toContain(`swarm: there is no message ${JSON.stringify(id)} in `);
      expect(stdout).toBe("");
      expect(code).toBe(3);
    }
  },
);

describe("inbox", () => {
  it("lists messages, the newest first", async () => {
    const workspace = workspaceFor();
    await workspace.swarm([
      "send",
      "Agent-1",
      "\n\n# First line\nsecond",
      "--from",
      "Captain",
      "--priority",
      "high",
    ]);
    await workspace.swarm(["send", "Agent-1", "x".repeat(300)]);
    const { code, stdout, stderr } = await workspace.swarm(["inbox", "Agent-1"]);
    // How much of it fits depends on the ages.
    const text = normal(stdout, workspace).replace(/x+…/, "xxx…");
    await expect(text).toMatchFileSnapshot("golden/inbox.txt");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const { messages } = await workspace.json<{ messages: object[] }>(["inbox", "Agent-1"]);
    expect(messages).toMatchObject([
      { sender: "tester", priority: "normal", first_line: "x".repeat(200) },
      {
        sender: "Captain",
        priority: "high",
        first_line: "# First line",
        inbox_file: expect.stringMatching(/^agent_workspaces\/Agent-1\/inbox\/MESSAGE_/),
      },
    ]);
  });

  it("is that of SWARM_AGENT unless another is named", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-2", "x"]);
    const own = await workspace.json<{ agent: string; messages: object[] }>(["inbox"], {
      env: { SWARM_AGENT: "Agent-2" },
    });
    expect(own.agent).toBe("Agent-2");
    expect(own.messages).toHaveLength(1);
    const nobody = await workspace.swarm(["inbox"], { env: { SWARM_AGENT: "" } });
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain("whose inbox?");
  });

  it("passes over what the agent moved there or away, and says when it is empty", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-1", "x"]);
    const [file = ""] = workspace.inboxFiles("Agent-1");
    renameSync(file, workspace.path("read.md"));
    writeFileSync(workspace.path("agent_workspaces", "Agent-1", "inbox", "notes.md"), "mine");
    writeFileSync(file, "no header");
    const { code, stdout, stderr } = await workspace.swarm(["inbox", "Agent-1"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr: "swarm: the inbox of Agent-1 is empty\n",
    });
  });
});

describe("what an agent has not read yet", () => {
  const unread = async (workspace: Workspace, agent = "Agent-1") =>
    (await workspace.json<{ messages: { id: string }[] }>(["inbox", agent, "--unread"])).messages.map(
      ({ id }) => id,
    );
  const sent = async (workspace: Workspace, ...args: readonly string[]) =>
    (await workspace.json<{ id: string }>(["send", ...args])).id;
  const asAgent = (name: string) => ({ env: { SWARM_AGENT: name } });

  it("is what it has neither read, acknowledged nor answered", async () => {
    const workspace = workspaceFor();
    const ids: string[] = [];
    for (const body of ["one", "two", "three", "four"])
      ids.push(await sent(workspace, "Agent-1", body, "--from", "Agent-2"));
    const [one = "", two = "", three = "", four = ""] = ids;
    expect(await unread(workspace)).toEqual([four, three, two, one]);
    await workspace.swarm(["read", one], asAgent("Agent-2"));
    expect(await unread(workspace)).toEqual([four, three, two, one]);
    await workspace.swarm(["read", one], asAgent("Agent-1"));
    await workspace.swarm(["ack", two]);
    await workspace.swarm(["reply", three, "yes"], asAgent("Agent-1"));
    expect(await unread(workspace)).toEqual([four]);
    const all = await workspace.json<{ messages: object[] }>(["inbox", "Agent-1"]);
    expect(all.messages).toMatchObject([
      { unread: true },
      { unread: false },
      { unread: false },
      { unread: false },
    ]);
    await workspace.swarm(["read", four], asAgent("Agent-1"));
    const none = await workspace.swarm(["inbox", "Agent-1", "--unread"]);
    expect([none.stdout, none.stderr]).toEqual(["", "swarm: nothing is unread for Agent-1\n"]);
  });

  it("is printed once by a hook, the oldest first, and nothing where there is nothing", async () => {
    const workspace = workspaceFor();
    const inject = () => workspace.swarm(["inbox", "--unread", "--inject"], asAgent("Agent-1"));
    expect(await inject()).toEqual({ code: 0, stdout: "", stderr: "" });
    for (let i = 1; i <= 6; i++)
      await sent(workspace, "Agent-1", `text ${i}\nsecond line`, "--from", "Captain", "--priority", "high");
    const { stdout } = await inject();
    await expect(normal(stdout, workspace)).toMatchFileSnapshot("golden/inbox-inject.txt");
    expect((await inject()).stdout).toMatch(/^You have 1 message from swarm.*text 6\nsecond line/s);
    expect(await inject()).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("is named by its file in a hook where it is long", async () => {
    const workspace = workspaceFor();
    await sent(workspace, "Agent-1", "x".repeat(9_000));
    const { stdout } = await workspace.swarm(["inbox", "--inject"], asAgent("Agent-1"));
    expect(stdout).toMatch(/9000 characters: read it in agent_workspaces\/Agent-1\/inbox\/MESSAGE_/);
    expect(stdout).not.toContain("xxx");
  });

  it("is not what was typed in front of it, and concerns no session without a name", async () => {
    const workspace = workspaceFor({
      config: { agents: { "Agent-1": { transport: "tmux", pane: "none:0.0" } } },
    });
    const inbox = workspace.path("agent_workspaces", "Agent-1", "inbox");
    const from = workspace.path("agent_workspaces", "Agent-2", "inbox");
    await sent(workspace, "Agent-2", "x");
    renameSync(from, `${from}-before`);
    rmSync(inbox, { recursive: true, force: true });
    renameSync(`${from}-before`, inbox);
    expect(await unread(workspace)).toHaveLength(1);
    for (const name of ["Agent-1", ""])
      expect(await workspace.swarm(["inbox", "--inject"], asAgent(name))).toEqual({
        code: 0,
        stdout: "",
        stderr: "",
      });
  });

  it("stays unread where what was noted is torn or gone, and old notes are forgotten", async () => {
    const workspace = workspaceFor();
    const id = await sent(workspace, "Agent-1", "x");
    const marks = workspace.path("runtime", "read", "Agent-1.txt");
    await workspace.swarm(["ack", id]);
    expect(statSync(marks).mode & 0o777).toBe(0o600);
    writeFileSync(marks, id.slice(0, 20));
    expect(await unread(workspace)).toEqual([id]);
    writeFileSync(marks, Array.from({ length: 1_500 }, (_, i) => `msg_${i}\n`).join(""));
    await workspace.swarm(["inbox", "--inject"], asAgent("Agent-1"));
    expect(readFileSync(marks, "utf8")).toBe(`${id}\n`);
  });
});

describe("reply", () => {
  it("goes to the sender, names the message, and acknowledges it", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<{ id: string }>([
      "send",
      "Agent-2",
      "how is it?",
      "--from",
      "Agent-1",
    ]);
    const answer = await workspace.json<{ id: string; recipient: string; sender: string }>(
      ["reply", id, "fine"],
      { env: { SWARM_AGENT: "" } },
    );
    expect(answer).toMatchObject({ recipient: "Agent-1", sender: "Agent-2", status: "delivered" });
    expect((await workspace.swarm(["read", answer.id])).stdout).toBe(`Re #${id}: fine`);
    expect(await workspace.json(["status", id])).toMatchObject({ evidence: ["inbox_file", "acknowledged"] });
  });

  it("that can't be noted as one is accepted all the same, and not said to have failed", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-2", "x", "--from", "Agent-1"]);
    writeFileSync(workspace.path("runtime", "read"), "in the way");
    const { code, stdout, stderr } = await workspace.swarm(["reply", id, "fine"]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^swarm: the answer is accepted, but not noted as one: .*(ENOTDIR|EEXIST)/),
    ]);
    expect(stdout).toContain("delivered to Agent-1");
    for (const args of [
      ["read", id],
      ["ack", id],
    ]) {
      const ended = await workspace.swarm(args, { env: { SWARM_AGENT: "Agent-2" } });
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/^swarm: it stays unread: /)]);
    }
  });

  it("to somebody who is no agent is refused, and acknowledges nothing", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-2", "x", "--from", "somebody"]);
    const { code, stderr } = await workspace.swarm(["reply", id, "fine"]);
    expect(code).toBe(3);
    expect(stderr).toContain(`swarm: ${id} was sent by somebody, which is no agent in `);
    expect(stderr).toContain(`\n  hint: say that you received it: swarm ack ${id}`);
    expect(await workspace.json(["status", id])).toMatchObject({ evidence: ["inbox_file"] });
  });
});

describe("guide", () => {
  it("tells an agent what it needs to know", async () => {
    const { stdout, stderr } = await workspaceFor().swarm(["guide", "Agent-2"]);
    await expect(stdout).toMatchFileSnapshot("golden/guide.txt");
    expect(stderr).toBe("");
  });

  it("names nobody where it is for any agent", async () => {
    const { stdout } = await workspaceFor().swarm(["guide"], { env: { SWARM_AGENT: "" } });
    expect(stdout).toContain("The variable SWARM_AGENT holds your name.");
  });
});
