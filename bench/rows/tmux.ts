/** Verified deliveries to agents of our own in tmux panes: what the looking costs. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openOutbox } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/config/load.ts";
import { until } from "../../test/desktop-fixture/until.ts";
import { type AgentPane, startTmux, type TmuxServer } from "../../test/tmux-fixture/tmux.ts";
import { newMessages } from "../messages.ts";
import { inTurn, type Row, type Samples } from "../row.ts";
import { pasteAndEnter } from "../tmux-hand.ts";
import { openBench, processMs, SWARM, sleep, startWorker } from "../workshop.ts";

/** By then the pause before Enter is as short as it gets. */
const LEARNING = 16;
const PANES = 16;
const MESSAGES_EACH = 10;
const SAVED_MS = 2_000;

const BODY = "please rebase and run the tests";

function configOf(server: TmuxServer, panes: ReadonlyMap<string, AgentPane>): object {
  const entries = [...panes].map(([name, { target }]) => [
    name,
    { transport: "tmux", pane: target, socket: server.socket, profile: "claude" },
  ]);
  return { agents: Object.fromEntries(entries) };
}

async function startPanes(server: TmuxServer, count: number): Promise<ReadonlyMap<string, AgentPane>> {
  const names = Array.from({ length: count }, (_, i) => `Pane-${i + 1}`);
  return new Map(await Promise.all(names.map(async (name) => [name, await server.agent(name)] as const)));
}

async function againstBare(rounds: number): Promise<Samples> {
  const server = startTmux();
  const panes = await startPanes(server, 1);
  const pane = panes.get("Pane-1");
  if (!pane) throw new Error("a pane was started");
  const bench = openBench({ config: configOf(server, panes) });
  const worker = await startWorker(bench);
  const send = () => {
    const { stdout, stderr } = spawnSync(process.execPath, [SWARM, "send", "Pane-1", BODY, "--json"], {
      cwd: bench.root,
      env: bench.env,
      encoding: "utf8",
    });
    const { status, delivery_ms } = JSON.parse(stdout) as { status: string; delivery_ms: number };
    if (status !== "delivered") throw new Error(`${status}: ${stdout}${stderr}`);
    return delivery_ms;
  };
  let count = 0;
  const arrived = async (ms: number) => {
    count += 1;
    await until("the agent has it", () => pane.submitted().length === count);
    return ms;
  };
  try {
    for (let i = 0; i < LEARNING; i++) await arrived(send());
    await sleep(SAVED_MS);
    const bare = async () => {
      const startedAt = performance.now();
      await pasteAndEnter(
        server,
        pane.target,
        `[#msg_bare_${count} from bench] ${BODY}`,
        pauseOf(bench.root),
      );
      return arrived(performance.now() - startedAt);
    };
    return await inTurn(rounds * 2, () => arrived(send()), bare);
  } finally {
    await worker.stop();
    bench.remove();
    server.stop();
  }

  /** The pause that the worker has come to, in milliseconds. It is kept in the file a moment later. */
  function pauseOf(root: string): number {
    const { steps } = JSON.parse(readFileSync(join(root, "runtime/timing.json"), "utf8")) as Learned;
    const pause = steps["Pane-1/tmux/pause"]?.ms.at(-1);
    if (pause === undefined) throw new Error("no pause was learned");
    return pause;
  }
}

interface Learned {
  readonly steps: Readonly<Record<string, { readonly ms: readonly number[] }>>;
}

function acceptFor(names: readonly string[], root: string): void {
  const loaded = loadConfig(root, {});
  if (!loaded.ok) throw new Error("the configuration is wrong");
  const outbox = openOutbox(loaded.config);
  for (let i = 0; i < MESSAGES_EACH; i++) outbox.accept(newMessages(names), false);
}

/** From nothing learned, as on the first day: all messages wait when the worker starts; until it has ended. */
async function manyPanes(rounds: number): Promise<Samples> {
  const drained = async (count: number) => {
    const server = startTmux();
    const panes = await startPanes(server, count);
    const bench = openBench({ config: configOf(server, panes) });
    try {
      acceptFor([...panes.keys()], bench.root);
      const ms = processMs([SWARM, "worker", "--drain"], bench);
      for (const pane of panes.values())
        if (pane.submitted().length !== MESSAGES_EACH) throw new Error("not all have arrived");
      return ms;
    } finally {
      bench.remove();
      server.stop();
    }
  };
  return inTurn(
    Math.ceil(rounds / 2),
    () => drained(PANES),
    () => drained(1),
  );
}

export const tmuxRows: readonly Row[] = [
  {
    name: "tmux",
    work: "verified delivery to a terminal agent that answers at once, worker warm",
    against: "bare load-buffer, paste-buffer and send-keys Enter with the same pause",
    unit: "ms",
    limit: 1.5,
    measure: againstBare,
  },
  {
    name: "tmux-panes",
    work: `${PANES} panes, ${MESSAGES_EACH} messages each, nothing learned yet`,
    against: `one pane, ${MESSAGES_EACH} messages`,
    unit: "ms",
    limit: 3,
    measure: manyPanes,
  },
];
