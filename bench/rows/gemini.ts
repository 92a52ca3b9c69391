/** Verified deliveries to Gemini CLI, against the ways in which scripts type into panes. */
import { type ModelServer, startModelServer } from "../../test/agents/model-server.ts";
import { installAgents, REAL_AGENTS } from "../../test/agents/real-agents.ts";
import { type RealPane, startRealAgent } from "../../test/agents/real-pane.ts";
import { until } from "../../test/desktop-fixture/until.ts";
import { rememberedTiming, tmuxAttempts } from "../../test/e2e/attempts.ts";
import { HARD_BODY_LIST } from "../../test/e2e/bodies.ts";
import { startTmux, type TmuxServer } from "../../test/tmux-fixture/tmux.ts";
import { inTurn, type Row, type Samples } from "../row.ts";
import { keysAndEnter, pasteAndEnter } from "../tmux-hand.ts";
import { sleep } from "../workshop.ts";

/** By then the pause before Enter is as short as it gets. */
const LEARNING = 16;
const TEXTS = 100;
/** A dialog is opened before each so manieth text, and answered by the person after so long, in milliseconds. */
const DIALOG_EVERY = 10;
const PERSON_ANSWERS_MS = 700;
const ARRIVE_MS = 30_000;
const AGAIN_MS = 100;
const DIALOG_TRIES = 2;
const HALF_A_SECOND_MS = 500;
/** The person clears what a blind hand has left, and gives up after so many rows. */
const CLEARED_ROWS = 40;

const BODY = "please rebase and run the tests";

interface Gemini {
  readonly tmux: TmuxServer;
  readonly pane: RealPane;
  readonly model: ModelServer;
}

async function withGemini<T>(measure: (gemini: Gemini) => Promise<T>): Promise<T> {
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
  let count = 0;
  const once = async (attempts: typeof learning) => {
    const made = await attempts.deliver(pane.target, `${BODY}, number ${++count}.`);
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

/** Types a body and returns the text that was submitted, as far as it knows. */
type Way = (body: string) => Promise<string>;

interface Told {
  readonly ms: readonly number[];
  readonly right: number;
  /** Dialogs that the person could open, and those that were answered by what was typed for a message. */
  readonly dialogs: number;
  readonly answered: number;
}

/** Each way has an agent of its own: what a blind hand leaves behind is not ours to clear. */
async function hundredTexts(hand: typeof pasteAndEnter): Promise<Samples> {
  const own = await withGemini(looking);
  const other = await withGemini((gemini) => blindly(gemini, hand));
  const tell = ({ right, answered, dialogs }: Told) =>
    `${right} of ${TEXTS} right and ${answered} of ${dialogs} dialogs answered`;
  return { own: own.ms, other: other.ms, note: `swarm ${tell(own)}; the other ${tell(other)}` };
}

async function looking(gemini: Gemini): Promise<Told> {
  const attempts = tmuxAttempts(gemini.tmux.socket);
  try {
    return await allTexts(gemini, async (body) => {
      for (;;) {
        const { outcome, text } = await attempts.deliver(gemini.pane.target, body);
        if (outcome.kind === "confirmed") return text;
        if (outcome.kind !== "handed_back" && outcome.kind !== "deferred") return "";
        await sleep(AGAIN_MS);
      }
    });
  } finally {
    await attempts.close();
  }
}

function blindly(gemini: Gemini, hand: typeof pasteAndEnter): Promise<Told> {
  let count = 0;
  return allTexts(gemini, async (body) => {
    const text = `[#msg_20260101_000000_b${String(++count).padStart(7, "0")} from Captain] ${body}`;
    await hand(gemini.tmux, gemini.pane.target, text, HALF_A_SECOND_MS);
    return text;
  });
}

/** Texts of all shapes, and now and then a dialog of the agent in front, which a person answers after a moment. */
async function allTexts({ pane, model }: Gemini, way: Way): Promise<Told> {
  const texts: string[] = [];
  const ms: number[] = [];
  let dialogs = 0;
  let answered = 0;
  for (let i = 0; i < TEXTS; i++) {
    const dialog = i % DIALOG_EVERY === DIALOG_EVERY - 1 ? await openDialog(pane) : null;
    if (dialog) dialogs += 1;
    const startedAt = performance.now();
    texts.push(await way(HARD_BODY_LIST[i % HARD_BODY_LIST.length] ?? ""));
    ms.push(performance.now() - startedAt);
    if (dialog && !(await dialog.isAnsweredByPerson())) answered += 1;
  }
  const right = () => texts.filter((text) => text !== "" && times(model, text) === 1).length;
  const all = () => right() === TEXTS;
  await until("all have arrived, or never will", all, 10_000, 100).catch(() => undefined);
  return { ms, dialogs, answered, right: right() };
}

/** The person opens a dialog of the agent, and answers it a moment later if it is still there. Null: it did not open. */
async function openDialog(pane: RealPane) {
  if (!(await isOpened(pane))) return null;
  const answer = sleep(PERSON_ANSWERS_MS).then(() => {
    const isStillThere = isAsking(pane);
    if (isStillThere) pane.keys("Escape");
    return isStillThere;
  });
  return { isAnsweredByPerson: () => answer };
}

/** What a blind hand has left in the composer is in the person's way. */
async function isOpened(pane: RealPane): Promise<boolean> {
  for (let tries = 0; tries < DIALOG_TRIES; tries++) {
    for (let rows = 0; rows < CLEARED_ROWS && !pane.screen().includes("Type your message"); rows++)
      pane.keys("C-e", "C-u", "C-k", "BSpace");
    pane.keys("-l", "/theme");
    await sleep(HALF_A_SECOND_MS);
    pane.keys("Enter");
    const isThere = await until("the dialog is there", () => isAsking(pane), 3_000).catch(() => false);
    if (isThere) return true;
  }
  return false;
}

function isAsking(pane: RealPane): boolean {
  return pane.screen().includes("Select Theme");
}

export const geminiRows: readonly Row[] = [
  {
    name: "tmux-learned",
    work: "verified delivery to Gemini CLI, with the learned pause",
    against: "the same with the fixed pause of 150 ms",
    unit: "ms",
    limit: 1,
    measure: (rounds) => withGemini((gemini) => learnedAgainstFixed(gemini, rounds)),
  },
  textsRow("tmux-keys", "send-keys -l, half a second, Enter", keysAndEnter),
  textsRow("tmux-paste", "bracketed paste, half a second, Enter", pasteAndEnter),
];

function textsRow(name: string, against: string, hand: typeof pasteAndEnter): Row {
  return {
    name,
    work: `one of ${TEXTS} texts of all shapes to Gemini CLI, a dialog before every tenth`,
    against,
    unit: "ms",
    limit: 1,
    measure: () => hundredTexts(hand),
  };
}
