import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { breakInbox, enqueueEnded, normal, queueOf, SOME_ERROR, workspaceFor } from "./fixture.ts";

const NO_RETRIES = { delivery: { attempts: 1 } };
const SLOW_RETRIES = { delivery: { backoff: { initial: "25s" } } };

interface SentJson {
  readonly id: string;
  readonly status: string;
  readonly sender: string;
  readonly inbox_file: string;
  readonly error: { readonly code: string } | null;
}

describe("a message that is delivered", () => {
  it("is told on one line", async () => {
    const workspace = workspaceFor();
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-2", "hello"]);
    expect(normal(stdout, workspace)).toBe(
      "msg_20260131_120000_0a1b2c3d delivered to Agent-2 in  7 ms (inbox_file)\n",
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("is told as the documented JSON", async () => {
    const workspace = workspaceFor();
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-2", "hello", "--json"]);
    const sent = JSON.parse(stdout);
    expect(Object.keys(sent)).toEqual([
      "schema",
      "id",
      "broadcast_id",
      "recipient",
      "sender",
      "priority",
      "status",
      "evidence",
      "transport",
      "attempts",
      "error",
      "inbox_file",
      "accepted_at",
      "finished_at",
      "delivery_ms",
    ]);
    expect(sent).toMatchObject({
      schema: 1,
      id: expect.stringMatching(/^msg_\d{8}_\d{6}_[0-9a-f]{8}$/),
      broadcast_id: null,
      recipient: "Agent-2",
      sender: "tester",
      priority: "normal",
      status: "delivered",
      evidence: ["inbox_file"],
      transport: "inbox",
      attempts: 1,
      error: null,
      delivery_ms: Date.parse(sent.finished_at) - Date.parse(sent.accepted_at),
    });
    expect(sent.inbox_file).toMatch(/^agent_workspaces\/Agent-2\/inbox\/MESSAGE_\d{8}_\d{6}_msg_\w+\.md$/);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("holds in its inbox file what came by argument, file, pipe and dash, to the last byte", async () => {
    const workspace = workspaceFor();
    const text = "\n# héllo 👩‍💻\n\t你好 مرحبا  \n\n";
    writeFileSync(workspace.path("text.md"), text);
    const ways = [
      { argv: [text] },
      { argv: ["--file", "text.md"] },
      { argv: [], input: text },
      { argv: ["-"], input: text },
      { argv: ["--file", "-"], input: text },
    ];
    for (const { argv, input = "" } of ways) {
      const sent = await workspace.json<SentJson>(["send", "Agent-1", ...argv], { input });
      const file = readFileSync(workspace.path(sent.inbox_file), "utf8");
      expect(file.slice(file.indexOf("---\n\n") + 5)).toBe(text);
    }
  });

  it.each([["-x is broken"], ["--json is not\nwhat it was"], ["- a list\n- of points"], ["/clear"], ["#1"]])(
    "may begin like an option: %j",
    async (text) => {
      const workspace = workspaceFor();
      const { id } = await workspace.json<SentJson>(["send", "Agent-1", text, "--no-wait"]);
      expect((await workspace.swarm(["read", id])).stdout).toBe(text);
    },
  );

  it("may be one word with a dash behind `--`, and options may have texts with dashes", async () => {
    const workspace = workspaceFor();
    const argv = ["send", "--json", "--from", "-me -", "Agent-1", "--no-wait", "--", "-x"];
    const { id, sender }: SentJson = JSON.parse((await workspace.swarm(argv)).stdout);
    expect(sender).toBe("-me -");
    expect((await workspace.swarm(["read", id])).stdout).toBe("-x");
  });

  it("loses control characters, and the count is said", async () => {
    const workspace = workspaceFor();
    const { stderr } = await workspace.swarm([
      "send",
      "Agent-1",
      "a\u001b[31mred\u001b[0m\u0007",
      "--no-wait",
      "--quiet",
    ]);
    expect(stderr).toBe("swarm: 3 control characters and sequences were removed from the text\n");
    expect((await workspace.swarm(["send", "Agent-1", "a\u0007b", "--no-wait"])).stderr).toContain(
      "1 control character or sequence was removed",
    );
  });

  it("is from --from, else SWARM_AGENT, else the login name", async () => {
    const workspace = workspaceFor();
    const sender = async (argv: readonly string[], name: string) =>
      (
        await workspace.json<SentJson>(["send", "Agent-1", "x", "--no-wait", ...argv], {
          env: { SWARM_AGENT: name },
        })
      ).sender;
    expect(await sender(["--from", "Captain"], "Agent-7")).toBe("Captain");
    expect(await sender([], "Agent-7")).toBe("Agent-7");
    expect(await sender([], "")).toBe(userInfo().username);
  });

  it("with --quiet is told by the exit code alone", async () => {
    const ended = await workspaceFor().swarm(["send", "Agent-1", "hello", "--quiet"]);
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a message that is only queued", () => {
  it("with --no-wait is told with its id, and delivered all the same", async () => {
    const workspace = workspaceFor();
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-2", "hello", "--no-wait"]);
    expect(normal(stdout, workspace)).toBe("msg_20260131_120000_0a1b2c3d queued for Agent-2\n");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect((await workspace.swarm(["worker", "--drain"])).code).toBe(0);
    expect(workspace.inboxFiles("Agent-2")).toHaveLength(1);
  });

  it("when --timeout passes ends with 4 and says how it goes on", async () => {
    const workspace = workspaceFor({ config: SLOW_RETRIES });
    breakInbox(workspace, "Agent-2");
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-2", "hello", "--timeout", "1s"]);
    expect(code).toBe(4);
    expect(normal(stdout, workspace)).toBe("msg_20260131_120000_0a1b2c3d queued for Agent-2\n");
    expect(normal(stderr, workspace)).toContain(
      "swarm: msg_20260131_120000_0a1b2c3d to Agent-2 stays queued and will be delivered; the last attempt: ",
    );
  });

  it("when a person is needed first ends with 5", async () => {
    const window = { transport: "desktop", window: { title: "x" }, input: { x: 1, y: 1, from: "screen" } };
    const workspace = workspaceFor({
      config: { ...SLOW_RETRIES, agents: { "Agent-2": window } },
      env: { DISPLAY: "" },
    });
    const { code, stderr } = await workspace.swarm(["send", "Agent-2", "hello", "--timeout", "2s"]);
    expect(stderr).toContain("there is no desktop");
    expect(code).toBe(5);
  });
});

describe("a message that is not delivered", () => {
  it("because it failed ends with 1, its reason and its place", async () => {
    const workspace = workspaceFor({ config: NO_RETRIES });
    breakInbox(workspace, "Agent-2");
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-2", "hello"]);
    expect(code).toBe(1);
    expect(normal(stdout, workspace)).toBe(
      "msg_20260131_120000_0a1b2c3d failed for Agent-2: inbox_unwritable, 1 attempt\n",
    );
    expect(stderr).toMatch(/^swarm: Agent-2: .+\n {2}hint: .+\n$/);
  });

  it("with --json carries code, message and hint", async () => {
    const workspace = workspaceFor({ config: NO_RETRIES });
    breakInbox(workspace, "Agent-2");
    const { error, status } = await workspace.json<SentJson>(["send", "Agent-2", "hello"]);
    expect(status).toBe("failed");
    expect(error).toEqual({
      code: "inbox_unwritable",
      message: expect.any(String),
      hint: expect.any(String),
    });
  });

  it("because only a person can mend the cause ends with 5", async () => {
    const window = { transport: "desktop", window: { title: "x" }, input: { x: 1, y: 1, from: "screen" } };
    const workspace = workspaceFor({
      config: { ...NO_RETRIES, agents: { "Agent-2": window } },
      env: { DISPLAY: "" },
    });
    expect((await workspace.swarm(["send", "Agent-2", "hello"])).code).toBe(5);
  });

  it("because it is unconfirmed ends with 6", async () => {
    const workspace = workspaceFor();
    const end = { type: "unconfirmed", at: Date.now(), error: SOME_ERROR } as const;
    const id = enqueueEnded(queueOf(workspace), end, { key: "k" });
    const { code, stdout } = await workspace.swarm(["send", "Agent-1", "a text", "--key", "k"]);
    expect(code).toBe(6);
    expect(stdout).toBe(`${id} unconfirmed for Agent-1: window_not_found, 1 attempt\n`);
  });

  it("because it expired ends with 1", async () => {
    const workspace = workspaceFor();
    const { code, stdout } = await workspace.swarm(["send", "Agent-1", "hello", "--expires", "0ms"]);
    expect(normal(stdout, workspace)).toBe("msg_20260131_120000_0a1b2c3d expired for Agent-1\n");
    expect(code).toBe(1);
  });
});

describe("a key", () => {
  it("gives the first message's outcome and queues nothing new", async () => {
    const workspace = workspaceFor();
    const first = await workspace.json<SentJson>(["send", "Agent-1", "hello", "--key", "build-1"]);
    const second = await workspace.json<SentJson>(["send", "Agent-1", "hello", "--key", "build-1"]);
    const third = await workspace.json<SentJson>([
      "send",
      "Agent-1",
      "hello",
      "--key",
      "build-1",
      "--no-wait",
    ]);
    expect([second, third]).toEqual([first, first]);
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(1);
  });

  it("with another text is refused with 2", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<SentJson>(["send", "Agent-1", "hello", "--key", "build-1"]);
    const { code, stderr } = await workspace.swarm(["send", "Agent-1", "good bye", "--key", "build-1"]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `the key "build-1" was used within a day for ${id} to Agent-1, with another text; nothing was queued`,
    );
  });
});

describe("what is refused before anything is queued", () => {
  it.each([
    [
      ["Agnet-2", "x"],
      3,
      "there is no agent Agnet-2 in /ROOT; nothing was queued",
      "did you mean Agent-2? known are: Agent-1, Agent-2",
    ],
    [
      ["both", "x"],
      3,
      "both is a group, not an agent",
      'send to all of it with: swarm broadcast --to both "…"',
    ],
    [["..", "x"], 2, '".." can\'t be the name of an agent; nothing was queued', "names have 1 to 64 letters"],
    [["a/b", "x"], 2, '"a/b" can\'t be the name', "names have"],
    [["../../x", "x"], 2, '"../../x" can\'t be the name', "names have"],
    [["-x", "x"], 2, "unknown option '-x'; nothing was queued", "no agent's name begins so"],
    [["--", "-x", "x"], 2, '"-x" can\'t be the name of an agent', "names have"],
    [["Agent-1", ""], 2, "the message is empty; nothing was queued", "give a text"],
    [["Agent-1", " \n\t"], 2, "the message is empty", "give a text"],
    [["Agent-1"], 2, "the message is empty", "give a text"],
    [["Agent-1", "x", "--file", "text.md"], 2, "there is a text and a --file", "give one of them"],
    [["Agent-1", "--file", "nowhere"], 2, "there is no file nowhere; nothing was queued", "--file"],
    [["Agent-1", "--file", "agent_workspaces"], 2, "agent_workspaces is a folder, not a file", "--file"],
    [["Agent-1", "--file", "latin1.txt"], 2, "latin1.txt is not UTF-8; nothing was queued", "iconv"],
    [
      ["Agent-1", "--file", "big.txt"],
      2,
      "the message is too long (2097152 bytes; at most 1048576 are allowed)",
      "delivery.maxBytes",
    ],
    [
      ["Agent-1", "--file", "/dev/zero"],
      2,
      "the message is too long (/dev/zero: more than 2162688 bytes",
      "delivery.maxBytes",
    ],
    [
      ["Agent-1", "two", "words"],
      2,
      "too many arguments for 'send': 3 instead of 2; nothing was queued",
      "put the text in quotes",
    ],
    [["Agent-1", "-v"], 2, "unknown option '-v'; nothing was queued", "swarm send Agent-2 -- -v"],
    [
      ["Agent-1", "x", "--priority", "hgih"],
      2,
      'there is no priority "hgih"',
      "did you mean high? it can be urgent, high, normal",
    ],
    [
      ["Agent-1", "x", "--timeout", "60"],
      2,
      '--timeout is no duration: "60"',
      "did you mean 60s? write 500ms",
    ],
    [["Agent-1", "x", "--expires", "soon"], 2, '--expires is no duration: "soon"', "write 500ms"],
    [["Agent-1", "x", "--key", ""], 2, "--key must have 1 to 200 characters", "build-1234"],
    [["Agent-1", "x", "--from", "a\nb"], 2, '--from can\'t be a sender: "a\\nb"', "on one line"],
  ] as const)("send %j", async (argv, exit, message, hint) => {
    const agents = { Terminal: { transport: "tmux", pane: "a:0.0" } };
    const workspace = workspaceFor({ config: { agents, groups: { both: ["Agent-1", "Agent-2"] } } });
    if (exit === 3 && argv[0] === "Agnet-2") workspace.writeConfig({});
    writeFileSync(workspace.path("text.md"), "text");
    writeFileSync(workspace.path("latin1.txt"), Buffer.from([0x61, 0xe9, 0x62]));
    writeFileSync(workspace.path("big.txt"), "a".repeat(2 * 1_048_576));
    const { code, stdout, stderr } = await workspace.swarm(["send", ...argv]);
    const [what, advice, ...rest] = normal(stderr, workspace).split("\n");
    expect(what).toContain(`swarm: ${message}`);
    expect(advice).toContain("  hint: ");
    expect(advice).toContain(hint);
    expect(rest).toEqual([""]);
    expect(stdout).toBe("");
    expect(code).toBe(exit);
    expect(
      (await workspace.json<{ counts: { queued: number; delivered: number } }>(["status"])).counts,
    ).toMatchObject({ queued: 0, delivered: 0 });
  });

  it("an argument whose bytes are no UTF-8", async () => {
    const workspace = workspaceFor();
    writeFileSync(workspace.path("send.sh"), 'exec "$NODE" "$SWARM" send Agent-1 "$(printf \'a\\377b\')"\n');
    const { spawnSync } = await import("node:child_process");
    const env = {
      ...process.env,
      NODE: process.execPath,
      SWARM: `${import.meta.dirname}/../../bin/swarm.js`,
      SWT_WORKSPACE: workspace.root,
    };
    const ended = spawnSync("sh", ["send.sh"], { cwd: workspace.root, env, encoding: "utf8" });
    expect(ended.stderr).toContain("the text is not UTF-8; nothing was queued");
    expect(ended.status).toBe(2);
  });

  it("an error of usage as JSON too", async () => {
    const { code, stdout } = await workspaceFor().swarm(["send", "Nobody", "x", "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      error: {
        code: "unknown_name",
        message: expect.stringContaining("there is no agent Nobody"),
        hint: expect.any(String),
      },
    });
  });

  it("anything while swarm.json is wrong, with every problem in one report", async () => {
    const workspace = workspaceFor({ config: { delivery: { attemps: 2, humanIdle: 1 } } });
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-1", "x"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    await expect(normal(stderr, workspace)).toMatchFileSnapshot("golden/config-report.txt");
    const { stdout: json } = await workspace.swarm(["send", "Agent-1", "x", "--json"]);
    expect(JSON.parse(json).error).toMatchObject({
      code: "configuration",
      problems: [
        { path: "delivery.attemps", message: "unknown key", nearest: "attempts" },
        { path: "delivery.humanIdle" },
      ],
    });
  });

  it("a message that can't be stored, with 75", async () => {
    const workspace = workspaceFor();
    mkdirSync(workspace.path("runtime"));
    writeFileSync(workspace.path("runtime", "queue"), "in the way");
    const { code, stdout, stderr } = await workspace.swarm(["send", "Agent-1", "x"]);
    expect(stderr).toContain("swarm: the message could not be stored in ");
    expect(stderr).toContain("runtime/queue is not a folder; nothing was accepted\n  hint: ");
    expect(stdout).toBe("");
    expect(code).toBe(75);
  });

  it("without a workspace names the folders and `swarm init`", async () => {
    const workspace = workspaceFor({ agents: [] });
    rmSync(workspace.path("agent_workspaces"), { recursive: true });
    const { code, stderr } = await workspace.swarm(["send", "Agent-1", "x"]);
    expect(code).toBe(2);
    expect(normal(stderr, workspace)).toContain(
      "swarm: no workspace: neither swarm.json nor agent_workspaces/ in /ROOT, ",
    );
    expect(stderr).toContain("swarm init");
  });
});

describe("a sender that is interrupted", () => {
  it("ends with 130 and says that the message stays queued", async () => {
    const workspace = workspaceFor({ config: SLOW_RETRIES });
    breakInbox(workspace, "Agent-2");
    const sending = workspace.swarm(["send", "Agent-2", "hello", "--timeout", "20s"]);
    await untilQueued(workspace);
    for (const pid of sendersIn(workspace)) process.kill(pid, "SIGINT");
    const { code, stderr } = await sending;
    expect(code).toBe(130);
    expect(normal(stderr, workspace)).toContain(
      "swarm: interrupted; msg_20260131_120000_0a1b2c3d to Agent-2 stays queued",
    );
    expect((await workspace.json<{ counts: { queued: number } }>(["status"])).counts.queued).toBe(1);
  });
});

async function untilQueued(workspace: ReturnType<typeof workspaceFor>): Promise<void> {
  const { until } = await import("../desktop-fixture/until.ts");
  await until("the message was tried and waits", async () => {
    const status = await workspace.json<{ messages: { error: object | null }[] }>(["status"]);
    return status.messages[0]?.error != null;
  });
}

/** The `send` processes of the workspace. */
function sendersIn(workspace: ReturnType<typeof workspaceFor>): readonly number[] {
  return workspace
    .processes()
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("\0send\0"));
}
