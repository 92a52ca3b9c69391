import { renameSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
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

it.each(["cancel", "read", "ack", "status"])(
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
    await expect(normal(stdout, workspace)).toMatchFileSnapshot("golden/inbox.txt");
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
