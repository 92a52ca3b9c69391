import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { type Attempts, type Made, tmuxAttempts } from "../e2e/attempts.ts";
import { HARD_BODY_LIST } from "../e2e/bodies.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { installGemini, startGemini } from "./gemini.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

const MESSAGES = 50;

describe("Gemini CLI", () => {
  let tmux: TmuxServer;
  let program: string;
  let attempts: Attempts;
  let model: ModelServer;

  beforeAll(async () => {
    tmux = startTmux();
    program = installGemini(tmux.folder);
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

  it("gets 50 messages of all shapes, each exactly once and complete", async () => {
    const gemini = await startGemini(program, tmux, model, "shapes", false);
    const sent: string[] = [];
    for (let i = 0; i < MESSAGES; i++) {
      const made = await attempts.deliver(gemini.target, HARD_BODY_LIST[i % HARD_BODY_LIST.length] ?? "");
      expect(made.outcome, gemini.screen()).toEqual({ kind: "confirmed" });
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

  it("has its question about the folder left alone, and gets the messages once it was answered", async () => {
    const gemini = await startGemini(program, tmux, model, "trust", true);
    for (let i = 0; i < 5; i++) {
      const made = await attempts.deliver(gemini.target, "hello");
      expect(made.outcome).toMatchObject({ kind: "handed_back", error: { code: "dialog_in_front" } });
      expect(made.events.map(({ type }) => type)).toEqual(["intent"]);
    }
    expect(gemini.screen()).toContain("Do you trust");
    gemini.keys("Enter");
    // It starts anew to apply the answer: until then its question stays, and so it is told.
    const delivered = async (): Promise<Made | null> => {
      const made = await attempts.deliver(gemini.target, "hello after the question");
      return made.outcome.kind === "handed_back" ? null : made;
    };
    const made = await until("it is delivered", delivered, 60_000, 500);
    expect(made.outcome, gemini.screen()).toEqual({ kind: "confirmed" });
    await until("the model has it", () => model.texts().some((text) => text.includes(made.text)), 30_000);
  });
});
