/** Many processes send to many terminal agents, some of which swallow keys, stand still, ask questions or end. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AgentPane, startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { HARD_BODY_LIST } from "./bodies.ts";
import type { BroadcastJson, MessageJson, SendJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const PANES = 16;
const SENDERS = 16;
/** Each in most panes, and none in some. */
const FAULTS = [
  "swallow-enter=0.1",
  "stall=0.05",
  "lose-paste=0.05",
  "dialog-after-paste=0.05",
  "exit-after-paste=0.03",
  "repaint",
  "busy",
];
/** The person at the terminals answers what is asked, and starts again what has ended, after a while. In milliseconds. */
const ANSWERS_MS = 500;
/** An agent needs so long to start at most, also with 16 processes at work beside it. */
const STARTS_MS = 5_000;

/** Declares the tests, with so many messages in each. */
export function tmuxLoad(count: number): void {
  // Hundreds of processes: a machine that does much else takes its time.
  vi.setConfig({ testTimeout: 300_000 });
  describe(`16 terminal agents, ${count} messages from 16 processes`, () => underLoad(count));
}

function underLoad(count: number): void {
  let server: TmuxServer;
  let workspace: Workspace;
  let panes: ReadonlyMap<string, AgentPane>;

  beforeEach(() => {
    server = startTmux();
  });
  afterEach(async () => {
    await workspace?.remove();
    server.stop();
  });

  async function start(faultsOf: (index: number) => readonly string[]): Promise<void> {
    const names = Array.from({ length: PANES }, (_, i) => `Agent-${i + 1}`);
    const started = await Promise.all(
      names.map(
        async (name, i) => [name, await server.agent(name, { faults: faultsOf(i), inShell: true })] as const,
      ),
    );
    panes = new Map(started);
    workspace = createWorkspace({
      config: {
        agents: Object.fromEntries(
          started.map(([name, { target }]) => [
            name,
            { transport: "tmux", pane: target, socket: server.socket, profile: "claude" },
          ]),
        ),
        delivery: { backoff: { initial: "200ms", max: "1s" }, attempts: 6 },
      },
    });
  }

  const bodyOf = (sender: number, i: number) =>
    `${HARD_BODY_LIST[(sender + i) % HARD_BODY_LIST.length]}\n$(touch executed) number ${i} of ${sender}; touch executed`;

  /** Each process sends one after the other, as scripts do. */
  async function sendAll(): Promise<readonly { readonly message: MessageJson; readonly body: string }[]> {
    const sent = await Promise.all(
      Array.from({ length: SENDERS }, async (_, sender) => {
        const own: { readonly message: MessageJson; readonly body: string }[] = [];
        for (let i = 0; sender + i * SENDERS < count; i++) {
          const recipient = `Agent-${((sender + i) % PANES) + 1}`;
          const body = bodyOf(sender, i);
          const args = ["send", recipient, "-", "--timeout", "250s"];
          own.push({ message: await workspace.json<SendJson>(args, { input: body }), body });
        }
        return own;
      }),
    );
    return sent.flat();
  }

  /** What the agents' own logs say of a message: in which panes it was submitted, and whether in full. */
  function submissions(id: string): readonly { readonly pane: string; readonly text: string }[] {
    return [...panes].flatMap(([pane, { submitted }]) =>
      submitted()
        .filter((text) => text.includes(id))
        .map((text) => ({ pane, text })),
    );
  }

  function nothingBad(): void {
    const answered = [...panes.values()].flatMap(({ log }) =>
      log().filter(({ dialog }) => dialog === "key" || dialog === "pasted into"),
    );
    expect(answered).toEqual([]);
    expect(existsSync(join(server.folder, "executed"))).toBe(false);
    expect(existsSync(join(workspace.root, "executed"))).toBe(false);
  }

  it("delivers each exactly once, in its own pane and in full", async () => {
    await start(() => []);
    const sent = await sendAll();
    expect(sent.filter(({ message }) => message.status !== "delivered")).toEqual([]);
    for (const { message, body } of sent) {
      const text = `[#${message.id} from tester] ${body}`;
      expect(submissions(message.id)).toEqual([{ pane: message.recipient, text }]);
    }
    nothingBad();
  });

  it("loses, doubles and misroutes none where agents swallow keys, stand still, lose pastes, ask questions and end", async () => {
    await start((i) => (i % 4 === 0 ? [] : FAULTS));
    const startedAt = new Map<string, number>();
    const person = setInterval(() => {
      for (const { target, screen, signalDialog, isRunning, startAgain } of panes.values()) {
        if (isRunning()) {
          if (screen().includes("❯ 1. Yes")) signalDialog();
        } else if (Date.now() - (startedAt.get(target) ?? 0) > STARTS_MS) {
          startedAt.set(target, Date.now());
          startAgain();
        }
      }
    }, ANSWERS_MS);
    try {
      const sent = await sendAll();
      const counts: Record<string, number> = {};
      for (const { message, body } of sent) {
        counts[message.status] = (counts[message.status] ?? 0) + 1;
        const text = `[#${message.id} from tester] ${body}`;
        const found = submissions(message.id);
        if (message.status === "delivered") expect(found).toEqual([{ pane: message.recipient, text }]);
        else if (message.status === "failed") expect(found).toEqual([]);
        else expect([[], [{ pane: message.recipient, text }]]).toContainEqual(found);
      }
      // No program can rule it out: the agent opened its dialog in the instant between the check and the key.
      const unseen = [...panes.values()].flatMap(({ log }) =>
        log().filter(({ dialog }) => dialog === "unseen"),
      );
      console.log(counts, `${unseen.length} keys met a dialog that was not drawn yet`);
      expect(sent).toHaveLength(count);
      nothingBad();
    } finally {
      clearInterval(person);
    }
  });

  it("sends one broadcast to inboxes and panes", async () => {
    await start(() => []);
    const { counts, messages } = await workspace.json<BroadcastJson>(["broadcast", "hello all"]);
    expect(counts.delivered).toBe(PANES);
    for (const { id, recipient } of messages)
      expect(submissions(id).map(({ pane }) => pane)).toEqual([recipient]);
  });
}
