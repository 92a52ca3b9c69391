/** Many senders at once, and kills at random moments: of senders, and of the worker that they start again each time. */
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { runningWorker } from "../../src/app/client.ts";
import { seededRandom } from "../e2e/desktop-agents.ts";
import { createWorkspace, kill } from "../e2e/workspace.ts";
import { recover, sweepTwoDaysLater } from "./drain.ts";
import { archived, faultsOfDelivered, type Promised, repeated } from "./truth.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
const AGENTS = ["Agent-1", "Agent-2"];
const CONFIG = {
  agents: {},
  // A message that is in the way of many kills is tried again as often.
  delivery: { attempts: 20, backoff: { initial: "10ms", max: "10ms" } },
  retention: { tracker: 100_000 },
};
/** Between two kills, and between two messages of a sender, at most. */
const KILL_PAUSE_MS = 40;
const SEND_PAUSE_MS = 1500;

export interface KillingOptions {
  readonly seed: number;
  readonly producers: number;
  readonly kills: number;
}

export interface Killed {
  readonly producers: number;
  readonly workers: number;
  /** Ids that were printed. */
  readonly promised: number;
  /** All messages, with those whose senders died before they could say so. */
  readonly delivered: number;
  readonly violations: readonly string[];
}

export async function killAtRandom({ seed, producers, kills }: KillingOptions): Promise<Killed> {
  const workspace = createWorkspace({ agents: AGENTS, config: CONFIG });
  try {
    const { root } = workspace;
    const senders = new Set<ChildProcess>();
    const promised: Promised[] = [];
    const random = seededRandom(seed);
    const over = new AbortController();
    const sending = Array.from({ length: producers }, async (_, producer) => {
      for (let count = 0; !over.signal.aborted; count += 1) {
        const body = `producer ${producer}, message ${count}`;
        promised.push(...(await sendOnce(root, body, count % 3 === 2, senders)));
        await delay(random() * SEND_PAUSE_MS);
      }
    });
    const killed = await strike(root, senders, promised, { kills, random });
    over.abort();
    await Promise.all(sending);
    await recover(workspace);
    sweepTwoDaysLater(root);
    const violations = [...faultsOfDelivered(root, promised), ...repeatedBodies(root)];
    return { ...killed, promised: promised.length, delivered: archived(root).length, violations };
  } finally {
    await workspace.remove();
  }
}

/** Until so many were killed, every third time the worker. No faster than messages are accepted: else none would be. */
async function strike(
  root: string,
  senders: ReadonlySet<ChildProcess>,
  promised: readonly Promised[],
  { kills, random }: { readonly kills: number; readonly random: () => number },
) {
  const killed = { producers: 0, workers: 0 };
  for (let count = 0; count < kills; count = killed.producers + killed.workers) {
    await delay(random() * KILL_PAUSE_MS);
    if (promised.length <= count) continue;
    if (count % 3 === 2) {
      const worker = await runningWorker(root);
      if (worker === null) continue;
      kill(worker, "SIGKILL");
      killed.workers += 1;
    } else {
      const sender = [...senders][Math.floor(random() * senders.size)];
      if (sender?.kill("SIGKILL")) killed.producers += 1;
    }
  }
  return killed;
}

/** What the sender has promised, as far as it came. */
function sendOnce(
  root: string,
  body: string,
  isBroadcast: boolean,
  senders: Set<ChildProcess>,
): Promise<readonly Promised[]> {
  const args = isBroadcast ? ["broadcast", body] : ["send", "Agent-1", body];
  const child = spawn(process.execPath, [COMMAND, ...args, "--no-wait"], {
    cwd: root,
    env: { ...process.env, SWARM_AGENT: "tester", SWT_WORKSPACE: root },
    stdio: ["ignore", "pipe", "ignore"],
  });
  senders.add(child);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return new Promise((done, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      senders.delete(child);
      if (signal === "SIGKILL" || code === 0) done(promisesIn(printed, body));
      else reject(new Error(`a sender ended with ${code ?? signal}: ${printed}`));
    });
  });
}

function promisesIn(printed: string, body: string): readonly Promised[] {
  const lines = printed.split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const [, id, recipient] = /^(msg_\w+)\b.*\b(Agent-\d)\b/.exec(line) ?? [];
    return id !== undefined && recipient !== undefined ? [{ id, recipient, body }] : [];
  });
}

/** Each body was sent by one process, once. */
function repeatedBodies(root: string): readonly string[] {
  const sent = archived(root).map(({ summary, message }) => `${message.body} to ${summary.recipient}`);
  return repeated(sent).map((one) => `delivered twice: ${one}`);
}
