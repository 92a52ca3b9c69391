import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { type AgentPane, startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { bodyOf } from "./bodies.ts";
import { seededRandom } from "./desktop-agents.ts";
import type { MessageJson, RetryJson, SendJson, StatusJson } from "./json.ts";
import { createWorkspace, kill, type Workspace } from "./workspace.ts";

const KILLS = 12;
const DRAFT = "half a thought of a person";

let server: TmuxServer;
let workspace: Workspace;

beforeEach(() => {
  server = startTmux();
});
afterEach(async () => {
  await workspace?.remove();
  server.stop();
});

/** An agent called A; its name for the profile is given, because no profile knows the fake one. */
async function start(...faults: readonly string[]): Promise<AgentPane> {
  const pane = await server.agent("a", { faults });
  workspace = createWorkspace({
    config: {
      agents: { A: { transport: "tmux", pane: pane.target, socket: server.socket, profile: "claude" } },
      delivery: { backoff: { initial: "200ms", max: "500ms" } },
    },
  });
  return pane;
}

describe("swarm calibrate", () => {
  it("lists the panes with what runs in them, writes pane and profile, and the agent gets its messages", async () => {
    const pane = await server.agent("work");
    server.start(["new-session", "-d", "-s", "other", "bash", "--norc"]);
    workspace = createWorkspace({ agents: ["A", "Captain"], config: { agents: {}, groups: {} } });
    const at = ["--socket", server.socket];
    const before = await workspace.json<PanesJson>(["calibrate", "--panes", ...at]);
    expect(before.panes).toEqual([
      expect.objectContaining({ pane: "other:0.0", profile: null, ready: false, agent: null }),
      expect.objectContaining({ pane: "work:0.0", profile: "generic", ready: true, agent: null }),
    ]);
    expect(before.panes[0]?.state).toContain("shell");

    const shell = await workspace.swarm(["calibrate", "A", "--pane", "other:0.0", ...at]);
    expect(shell).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("a shell (bash) runs in the pane"),
    });
    const nowhere = await workspace.swarm(["calibrate", "A", "--pane", "nowhere", ...at]);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining("calibrate --panes") });

    const done = await workspace.swarm([
      "calibrate",
      "A",
      "--pane",
      "work:0.0",
      "--profile",
      "claude",
      ...at,
    ]);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("profile claude") });
    expect(done.stdout).toMatch(/probe shown after .* and removed/);
    expect(pane.submitted()).toEqual([]);
    expect(pane.screen()).not.toContain("probe");
    expect(JSON.parse(readFileSync(workspace.path("swarm.json"), "utf8"))).toEqual({
      agents: { A: { transport: "tmux", pane: "work:0.0", socket: server.socket, profile: "claude" } },
      groups: {},
    });
    const after = await workspace.json<PanesJson>(["calibrate", "--panes", ...at]);
    expect(after.panes.map(({ agent }) => agent)).toEqual([null, "A"]);
    expect(await workspace.json<SendJson>(["send", "A", "hello"])).toMatchObject({ status: "delivered" });
    expect(pane.submitted()).toHaveLength(1);
    const taken = await workspace.swarm(["calibrate", "Captain", "--pane", "work:", ...at]);
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringMatching(/pane work:.* is that of A:/) });
    expect(await workspace.swarm(["calibrate", "A", "--pane", "work:", ...at])).toMatchObject({ code: 0 });
  });

  it("puts a draft back that stood where it typed its probe", async () => {
    const pane = await start();
    pane.keys("-l", DRAFT);
    await until("the draft shows", () => pane.screen().includes(DRAFT));
    expect(await workspace.swarm(["calibrate", "A"])).toMatchObject({ code: 0 });
    expect(pane.screen()).toContain(DRAFT);
    expect(pane.submitted()).toEqual([]);
  });
});

interface PanesJson {
  readonly panes: readonly {
    readonly pane: string;
    readonly profile: string | null;
    readonly state: string;
    readonly ready: boolean;
    readonly agent: string | null;
  }[];
}

const ATTACKS: Readonly<Record<string, readonly [body: string, submitted: string]>> = {
  "the end of a bracketed paste": ["before\u001b[201~\u001b[200~; touch executed", "before; touch executed"],
  "other control sequences": ["a\u001b]0;title\u0007b\u001b[2Jc\u001bcd\u0003e\u0015f", "abcdef"],
  "a command to run": ["$(touch executed) `touch executed`", "$(touch executed) `touch executed`"],
  "a semicolon at its end": ["touch executed;", "touch executed;"],
  "the name of a key": ["Enter", "Enter"],
  "the name of a control key": ["C-c", "C-c"],
  "words of tmux": ["-t other; kill-server #{pid} %0", "-t other; kill-server #{pid} %0"],
};

describe("a body that attacks", () => {
  it.each(Object.entries(ATTACKS))("with %s is text and nothing else", async (_what, [body, text]) => {
    const pane = await start();
    const { id, status } = await workspace.json<SendJson>(["send", "A", "-"], { input: body });
    expect(status).toBe("delivered");
    expect(pane.submitted()).toEqual([`[#${id} from tester] ${text}`]);
    expect(existsSync(join(server.folder, "executed"))).toBe(false);
    expect(existsSync(join(workspace.root, "executed"))).toBe(false);
  });

  it("is submitted alone where nothing is put before it", async () => {
    const pane = await start();
    for (const body of ["Enter", "C-c", "touch executed;"]) {
      const { status } = await workspace.json<SendJson>(["send", "A", "--raw", body]);
      expect(status).toBe("delivered");
    }
    expect(pane.submitted()).toEqual(["Enter", "C-c", "touch executed;"]);
  });

  it("of 200 lines arrives whole, and one of 100,000 characters as a line that names its file", async () => {
    const pane = await start();
    const lines = Array.from({ length: 200 }, (_, i) => `${i + 1}. line`).join("\n");
    const first = await workspace.json<SendJson>(["send", "A", "-"], { input: lines });
    const long = "x".repeat(100_000);
    const second = await workspace.json<SendJson>(["send", "A", "-"], { input: long });
    expect([first.status, second.status]).toEqual(["delivered", "delivered"]);
    expect(pane.submitted()).toEqual([
      `[#${first.id} from tester] ${lines}`,
      `[#${second.id} from tester] Message of 100000 characters from tester: read it in ${second.inbox_file}`,
    ]);
    expect(bodyOf(join(workspace.root, second.inbox_file ?? "")).toString()).toBe(long);
  });
});

describe("a message to an agent that asks something", () => {
  it("needs a person, burns no attempts, and is delivered by itself after the answer", async () => {
    const pane = await start("dialog-first");
    const asked = await workspace.swarm(["send", "A", "hello", "--timeout", "3s", "--json"]);
    expect(asked.code).toBe(5);
    const { id } = JSON.parse(asked.stdout) as SendJson;
    expect(JSON.parse(asked.stdout)).toMatchObject({ error: { code: "dialog_in_front" } });
    pane.signalDialog();
    await until("it is delivered", async () => (await statusOf(id)).status === "delivered", 20_000, 200);
    expect((await statusOf(id)).attempts).toBe(1);
    expect(pane.submitted()).toHaveLength(1);
    expect(pane.log().filter(({ dialog }) => dialog === "key" || dialog === "pasted into")).toEqual([]);
  });

  it("needs a person as well when the question came between paste and Enter", async () => {
    const pane = await start("dialog-after-paste");
    // So long that a busy machine notices the question.
    const asked = await workspace.swarm(["send", "A", "hello", "--timeout", "10s", "--json"]);
    const { id, status } = JSON.parse(asked.stdout) as SendJson;
    if (status === "delivering") expect(asked.code).toBe(5);
    expect(["delivered", "delivering", "queued"]).toContain(status);
    // Where the text is pasted once more, the question comes once more as well, and may again be there before Enter.
    const lastOfQuestion = () =>
      pane.log().findLast(({ dialog }) => dialog === "opened" || dialog === "closed");
    const isDelivered = async () => {
      if ((await statusOf(id)).status === "delivered") return true;
      if (lastOfQuestion()?.dialog === "opened") pane.signalDialog();
      return false;
    };
    await until("it is delivered", isDelivered, 30_000, 1_000);
    expect(pane.submitted()).toHaveLength(1);
    expect(pane.log().filter(({ dialog }) => dialog === "key" || dialog === "pasted into")).toEqual([]);
  });
});

it("a draft that a slow agent takes out only when the attempt has given up is back after the message", async () => {
  const pane = await start("slow-to-clear");
  pane.keys("-l", DRAFT);
  const { id, status, attempts } = await workspace.json<SendJson>(["send", "A", "hello"]);
  expect({ status, attempts }).toEqual({ status: "delivered", attempts: 2 });
  expect(pane.submitted()).toEqual([`[#${id} from tester] hello`]);
  await until("the draft is back", () => pane.screen().includes(`> ${DRAFT}`), 5_000);
});

it(`a worker that is killed ${KILLS} times with a draft in its hands loses and doubles nothing`, async () => {
  const pane = await start();
  const random = seededRandom(7);
  pane.keys("-l", DRAFT);
  const ids: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    ids.push((await workspace.json<SendJson>(["send", "A", `message ${round}`, "--no-wait"])).id);
    await delay(200 + random() * 3_000);
    const pid = await workspace.workerPid();
    if (pid !== null) kill(pid, "SIGKILL");
  }
  // The one that the last kill hit may use up its attempts only now.
  await allEnded();
  await workspace.json<RetryJson>(["retry-failed"]);
  await allEnded();
  const submitted = pane.submitted();
  for (const id of ids) {
    const times = submitted.filter((text) => text.includes(id)).length;
    const now = await statusOf(id);
    const { status } = now;
    expect({ id, status, times }).toEqual({
      id,
      status,
      times: status === "delivered" ? 1 : expect.any(Number),
    });
    expect(["delivered", "unconfirmed"], JSON.stringify(now)).toContain(status);
    expect(times).toBeLessThanOrEqual(1);
  }
  expect(submitted.filter((text) => text.includes(DRAFT))).toEqual([]);
  await until("the draft is back", () => pane.screen().includes(DRAFT), 20_000);
}, 300_000);

async function allEnded(): Promise<void> {
  await workspace.swarm(["worker", "--drain"]);
  await until(
    "all have ended",
    async () => {
      const { counts } = await workspace.json<StatusJson>(["status"]);
      return counts.queued + counts.delivering === 0;
    },
    60_000,
    200,
  );
}

async function statusOf(id: string): Promise<MessageJson> {
  return workspace.json<MessageJson>(["status", id]);
}
