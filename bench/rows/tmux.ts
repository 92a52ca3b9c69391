/** Verified deliveries to terminal agents in tmux panes, against the ways in which scripts type into them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openOutbox } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/config/load.ts";
import { type ModelServer, startModelServer } from "../../test/agents/model-server.ts";
import { installAgents, REAL_AGENTS } from "../../test/agents/real-agents.ts";
import { type RealPane, startRealAgent } from "../../test/agents/real-pane.ts";
import { until } from "../../test/desktop-fixture/until.ts";
import { rememberedTiming, tmuxAttempts } from "../../test/e2e/attempts.ts";
import { HARD_BODY_LIST } from "../../test/e2e/bodies.ts";
import { type AgentPane, startTmux, type TmuxServer } from "../../test/tmux-fixture/tmux.ts";
import { newMessages } from "../messages.ts";
import { inTurn, type Row, type Samples } from "../row.ts";
import { pasteAndEnter } from "../tmux-hand.ts";
import { openBench, processMs, SWARM, sleep, startWorker } from "../workshop.ts";

/** By then the pause before Enter is as short as it gets. */
const LEARNING = 16;
const PANES = 16;
const MESSAGES_EACH = 10;
const TEXTS = 100;
/** A dialog is opened before each so manieth text, and answered by the person after so long, in milliseconds. */
const DIALOG_EVERY = 10;
const PERSON_ANSWERS_MS = 700;
const ARRIVE_MS = 30_000;
const AGAIN_MS = 100;
const DIALOG_TRIES = 3;
const HALF_A_SECOND_MS = 500;
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

interface Gemini {
  readonly tmux: TmuxServer;
  readonly pane: RealPane;
  readonly model: ModelServer;
}

async function withGemini(measure: (gemini: Gemini) => Promise<Samples>): Promise<Samples> {
  const tmux = startTmux();
  const model = await startModelServer();
  try {
    const gemini = REAL_AGENTS.filter(({ name }) => name === "gemini");
    const [agent] = gemini;
    if (!agent) throw new Error("gemini is among the agents");
    const pane = await startRealAgent(tmux, agent, { modules: installAgents(gemini, tmux.folder), model });
    await sleep(1_000);
    return await measure({ tmux, pane, model });
  } finally {
    await model.close();
    tmux.stop();
  }
}

async function learnedAgainstFixed({ tmux, pane, model }: Gemini, rounds: number): Promise<Samples> {
  const learning = tmuxAttempts(tmux.socket);
  const remembered = rememberedTiming();
  const fixed = tmuxAttempts(tmux.socket, undefined, { ...remembered, latestMs: () => null });
  const once = async (attempts: typeof learning) => {
    const made = await attempts.deliver(pane.target, BODY);
    if (made.outcome.kind !== "confirmed") throw new Error(JSON.stringify(made.outcome));
    await until("the model has it", () => times(model, made.text) === 1, ARRIVE_MS);
    return made.ms;
  };
  try {
    for (let i = 0; i < LEARNING; i++) await once(learning);
    return await inTurn(
      rounds * 2,
      () => once(learning),
      () => once(fixed),
    );
  } finally {
    await learning.close();
    await fixed.close();
  }
}

function times(model: ModelServer, text: string): number {
  return model.texts().join("\n\n").split(text).length - 1;
}

/** Returns the text that was submitted, as far as the way knows. */
type Way = (body: string) => Promise<string>;

/** Texts of all shapes, and now and then a dialog of the agent in front, which a person answers after a moment. */
async function hundredTexts({ tmux, pane, model }: Gemini, hand: typeof pasteAndEnter): Promise<Samples> {
  const attempts = tmuxAttempts(tmux.socket);
  let count = 0;
  const looking: Way = async (body) => {
    for (;;) {
      const { outcome, text } = await attempts.deliver(pane.target, body);
      if (outcome.kind === "confirmed") return text;
      if (outcome.kind !== "handed_back" && outcome.kind !== "deferred") return "";
      await sleep(AGAIN_MS);
    }
  };
  const blind: Way = async (body) => {
    const text = `[#msg_20260101_000000_b${String(++count).padStart(7, "0")} from Captain] ${body}`;
    await hand(tmux, pane.target, text, HALF_A_SECOND_MS);
    return text;
  };
  try {
    const own = await run(looking);
    const other = await run(blind);
    const tell = ({ right, answered }: Told) => `${right} of ${TEXTS} right and ${answered} dialogs answered`;
    return { own: own.ms, other: other.ms, note: `swarm ${tell(own)}; the other ${tell(other)}` };
  } finally {
    await attempts.close();
  }

  async function run(way: Way): Promise<Told> {
    const texts: string[] = [];
    const ms: number[] = [];
    let answered = 0;
    for (let i = 0; i < TEXTS; i++) {
      const dialog = i % DIALOG_EVERY === DIALOG_EVERY - 1 ? await openDialog() : null;
      const startedAt = performance.now();
      texts.push(await way(HARD_BODY_LIST[i % HARD_BODY_LIST.length] ?? ""));
      ms.push(performance.now() - startedAt);
      if (dialog && !(await dialog.isAnsweredByPerson())) answered += 1;
    }
    const right = () => texts.filter((text) => text !== "" && times(model, text) === 1).length;
    const all = () => right() === TEXTS;
    await until("all have arrived, or never will", all, 10_000, 100).catch(() => undefined);
    return { ms, answered, right: right() };
  }

  /** The person opens a dialog of the agent, and answers it a moment later if it is still there. */
  async function openDialog() {
    if (!(await isOpened())) return null;
    const answer = sleep(PERSON_ANSWERS_MS).then(() => {
      const isStillThere = isAsking();
      if (isStillThere) pane.keys("Escape");
      return isStillThere;
    });
    return { isAnsweredByPerson: () => answer };
  }

  /** What a blind hand has left in the composer is in the person's way. */
  async function isOpened(): Promise<boolean> {
    for (let tries = 0; tries < DIALOG_TRIES; tries++) {
      for (let lines = 0; lines < 100 && !pane.screen().includes("Type your message"); lines++)
        pane.keys("C-e", "C-u", "C-k", "BSpace");
      pane.keys("-l", "/theme");
      await sleep(HALF_A_SECOND_MS);
      pane.keys("Enter");
      const isThere = await until("the dialog is there", isAsking, 5_000).catch(() => false);
      if (isThere) return true;
    }
    return false;
  }

  function isAsking(): boolean {
    return pane.screen().includes("Select Theme");
  }
}

interface Told {
  readonly ms: readonly number[];
  readonly right: number;
  /** By what was typed for a message. */
  readonly answered: number;
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
    name: "tmux-learned",
    work: "verified delivery to Gemini CLI, with the learned pause",
    against: "the same with the fixed pause of 150 ms",
    unit: "ms",
    limit: 1,
    measure: (rounds) => withGemini((gemini) => learnedAgainstFixed(gemini, rounds)),
  },
  {
    name: "tmux-panes",
    work: `${PANES} panes, ${MESSAGES_EACH} messages each, nothing learned yet`,
    against: `one pane, ${MESSAGES_EACH} messages`,
    unit: "ms",
    limit: 3,
    measure: manyPanes,
  },
  {
    name: "tmux-paste",
    work: `one of ${TEXTS} texts of all shapes to Gemini CLI, a dialog before every tenth`,
    against: "bracketed paste, half a second, Enter",
    unit: "ms",
    limit: 1,
    measure: () => withGemini((gemini) => hundredTexts(gemini, pasteAndEnter)),
  },
];
