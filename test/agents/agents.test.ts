import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { type Attempts, type Made, tmuxAttempts } from "../e2e/attempts.ts";
import { HARD_BODY_LIST } from "../e2e/bodies.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { installAgents, REAL_AGENTS } from "./real-agents.ts";
import { startRealAgent } from "./real-pane.ts";

const MESSAGES = 50;

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

describe.each(REAL_AGENTS)("$name", (agent) => {
  it("gets 50 messages of all shapes, each exactly once and complete", async () => {
    const pane = await startRealAgent(tmux, agent, { modules, model });
    const sent: string[] = [];
    for (let i = 0; i < MESSAGES; i++) {
      const made = await attempts.deliver(pane.target, HARD_BODY_LIST[i % HARD_BODY_LIST.length] ?? "");
      expect(made.outcome, pane.screen()).toEqual({ kind: "confirmed" });
      sent.push(made.text);
    }
    const received = () => model.texts().join("\n\n");
    await until("the model has received the last one", () => received().includes(sent.at(-1) ?? ""), 60_000);
    for (const text of sent) expect(received().split(text)).toHaveLength(2);
    const ids = sent.map((text) => /msg_\w+/.exec(text)?.[0] ?? "");
    expect(
      received()
        .match(/msg_\w+/g)
        ?.toSorted(),
    ).toEqual(ids.toSorted());
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
    pane.keys(agent.question?.answer ?? "");
    // Some start anew to apply the answer: until then their question stays, and so it is told.
    const delivered = async (): Promise<Made | null> => {
      const made = await attempts.deliver(pane.target, "hello after the question");
      return made.outcome.kind === "handed_back" ? null : made;
    };
    const made = await until("it is delivered", delivered, 60_000, 500);
    expect(made.outcome, pane.screen()).toEqual({ kind: "confirmed" });
    await until("the model has it", () => model.texts().some((text) => text.includes(made.text)), 30_000);
  });
});
