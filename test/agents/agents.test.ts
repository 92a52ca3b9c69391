import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { type Attempts, type Made, tmuxAttempts } from "../e2e/attempts.ts";
import { HARD_BODY_LIST } from "../e2e/bodies.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { installAgents, REAL_AGENTS } from "./real-agents.ts";
import { type RealPane, startRealAgent } from "./real-pane.ts";

const MESSAGES = 50;
/** A real agent may stand still for seconds while it starts. */
const DEFERRED_MS = 60_000;
const RETRY_MS = 500;
/** Of a paste nothing shows for so long: it is lost. */
const LOST_MS = 8_000;
/** What of a text's end stands in one row of any pane. */
const LAST_CHARACTERS = 11;

let tmux: TmuxServer;
let modules: string;
let attempts: Attempts;
let model: ModelServer;

beforeAll(() => {
  tmux = startTmux();
  modules = installAgents(REAL_AGENTS, tmux.folder);
  attempts = tmuxAttempts(tmux.socket);
});
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model?.close());
afterAll(async () => {
  await attempts?.close();
  tmux?.stop();
});

/** Delivers as the worker does: an attempt that has submitted nothing is made again, of the same message. */
async function delivered(
  pane: RealPane,
  body: string,
): Promise<{ text: string; drafts: ReadonlySet<string> }> {
  const latest = performance.now() + DEFERRED_MS;
  const told: string[] = [];
  const drafts = new Set<string>();
  for (let made = await attempts.deliver(pane.target, body); ; ) {
    const { outcome, text } = made;
    for (const draft of made.drafts) drafts.add(draft);
    if (outcome.kind !== "deferred" || performance.now() > latest) {
      expect(outcome, [...told, pane.screen()].join("\n")).toEqual({ kind: "confirmed" });
      return { text, drafts };
    }
    told.push(`${outcome.error.code} after ${Math.round(made.ms)} ms: ${outcome.error.message}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    made = await attempts.deliver(pane.target, body, { text });
  }
}

describe.each(REAL_AGENTS)("$name", (agent) => {
  it("gets 50 messages of all shapes, each exactly once and complete", async () => {
    const pane = await startRealAgent(tmux, agent, { modules, model });
    const sent: string[] = [];
    for (let i = 0; i < MESSAGES; i++) {
      const { text } = await delivered(pane, HARD_BODY_LIST[i % HARD_BODY_LIST.length] ?? "");
      sent.push(agent.itsOwn(text));
    }
    const received = () => model.texts().join("\n\n");
    await until("the model has received the last one", () => received().includes(sent.at(-1) ?? ""), 60_000);
    const counts = sent.map((text) => ({ text, times: received().split(text).length - 1 }));
    expect(counts.filter(({ times }) => times !== 1)).toEqual([]);
    const ids = sent.map((text) => /msg_\w+/.exec(text)?.[0] ?? "");
    expect(
      received()
        .match(/msg_\w+/g)
        ?.toSorted(),
    ).toEqual(ids.toSorted());
  });
});

/** An agent that is still starting may lose what is pasted: a person sees it, and pastes again. */
async function pastedDraft(pane: RealPane, text: string): Promise<void> {
  let pastedAt = Number.NEGATIVE_INFINITY;
  const isShown = () => {
    const isThere = pane.screen().includes(text.slice(-LAST_CHARACTERS));
    if (isThere || performance.now() - pastedAt < LOST_MS) return isThere;
    pane.paste(text);
    pastedAt = performance.now();
    return false;
  };
  await until("the draft shows", isShown, DEFERRED_MS, 100);
}

describe.each(REAL_AGENTS)("$name", (agent) => {
  it("has a person's half-typed prompt back after each message, also where the cursor stood in its middle", async () => {
    const pane = await startRealAgent(tmux, agent, { modules, model, columns: 80 });
    await pastedDraft(pane, "half a thought,\nand its second line");
    pane.keys("Up", "Left", "Left", "Left");
    for (let i = 0; i < 3; i++) {
      const made = await delivered(pane, `message ${i}\n> with a quote\nand more`);
      expect([...made.drafts], pane.screen()).toEqual(["half a thought,\nand its second line"]);
      await until("the model has it", () => model.texts().some((text) => text.includes(made.text)), 30_000);
    }
    expect(model.texts().join("\n")).not.toContain("half a thought");
    const draft = /half a thought,\nand its second line/;
    // An Enter right behind a paste is taken as a part of it: a person presses it again.
    const pressedAgain = () => {
      const isThere = model.texts().some((text) => draft.test(text));
      if (!isThere && pane.screen().includes("second line")) pane.keys("Enter");
      return isThere;
    };
    await until("the draft is whole", pressedAgain, 30_000, 1_000);
  });
});

describe.each(REAL_AGENTS.filter(({ question }) => question !== null))("$name", (agent) => {
  it("has its question about the folder left alone, and gets the messages once it was answered", async () => {
    const pane = await startRealAgent(tmux, agent, { modules, model, isAsking: true });
    for (let i = 0; i < 5; i++) {
      const made = await attempts.deliver(pane.target, "hello");
      expect(made.outcome, pane.screen()).toMatchObject({
        kind: "handed_back",
        error: { code: "dialog_in_front" },
      });
      expect(made.events.map(({ type }) => type)).toEqual(["intent"]);
    }
    expect(pane.screen()).toMatch(agent.question?.text ?? "");
    pane.keys(...(agent.question?.answer ?? []));
    // Some start anew to apply the answer: until then their question stays, and so it is told.
    let text: string | undefined;
    const taken = async (): Promise<Made | null> => {
      const made = await attempts.deliver(pane.target, "hello after the question", { ...(text && { text }) });
      text = made.text;
      return made.outcome.kind === "handed_back" || made.outcome.kind === "deferred" ? null : made;
    };
    const made = await until("it is delivered", taken, 60_000, 500);
    expect(made.outcome, pane.screen()).toEqual({ kind: "confirmed" });
    await until("the model has it", () => model.texts().some((text) => text.includes(made.text)), 30_000);
  });
});
