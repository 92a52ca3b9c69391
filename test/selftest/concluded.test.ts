import { describe, expect, it } from "vitest";
import type { Promised } from "../../src/selftest/check.ts";
import { concluded } from "../../src/selftest/concluded.ts";
import type { Sent } from "../../src/selftest/judge.ts";

const promised: Promised = { part: "terminal", name: "terminal_plain", text: "It arrives" };
const sent: Sent = {
  mark: "a1b2c3-001",
  recipient: "Plain",
  text: "hello a1b2c3-001",
  id: "msg_1",
  status: "delivered",
  exitCode: 0,
  isProven: true,
  error: null,
};
const received = [{ recipient: "Plain", text: sent.text }];
const evidence = { promised, tried: "once", sent: [sent], received, recipient: "the agent" };
const failed = (code: string): Sent => ({
  ...sent,
  status: "failed",
  isProven: false,
  error: { code, message: "so it was" },
});

describe("a line of the selftest", () => {
  it("holds where all arrived", () => {
    expect(concluded(evidence)).toMatchObject({
      verdict: "held",
      times: 1,
      saw: "the agent: 1 text, each once, SHA-256 equal",
      reasons: [],
    });
  });

  it("does not hold where a message was refused that should have been delivered", () => {
    const check = concluded({ ...evidence, sent: [failed("focus_lost")], received: [] });
    expect(check.verdict).toBe("did_not_hold");
    expect(check.reasons).toEqual(["msg_1 for Plain is failed (focus_lost: so it was)"]);
  });

  it("does not hold where a message was delivered that should have been refused, or was for another reason", () => {
    const expected = { code: "shell_in_pane" };
    expect(concluded({ ...evidence, expected }).verdict).toBe("did_not_hold");
    const other = { ...evidence, sent: [failed("screen_unknown")], received: [], expected };
    expect(concluded(other).verdict).toBe("did_not_hold");
    const right = { ...evidence, sent: [failed("shell_in_pane")], received: [], expected };
    expect(concluded(right)).toMatchObject({ verdict: "held", saw: "the agent: none of the 1 texts" });
  });

  it("does not hold where something besides the texts was wrong", () => {
    expect(concluded({ ...evidence, wrongs: ["2 keys fell into the dialog"] }).verdict).toBe("did_not_hold");
  });

  it("could not be tried where a person was at work, unless something was wrong all the same", () => {
    const barred = { ...evidence, sent: [failed("human_active")], received: [] };
    expect(concluded(barred).verdict).toBe("not_tried");
    expect(concluded({ ...barred, received }).verdict).toBe("did_not_hold");
    const another = { ...failed("focus_lost"), mark: "a1b2c3-002" };
    expect(concluded({ ...barred, sent: [...barred.sent, another] }).verdict).toBe("did_not_hold");
  });

  it("could not be tried where the fault did not come about, unless something was wrong all the same", () => {
    const missed = { ...evidence, missed: "no kill fell between" };
    expect(concluded(missed)).toMatchObject({ verdict: "not_tried", deliveries: { delivered: 1 } });
    expect(concluded({ ...missed, received: [] }).verdict).toBe("did_not_hold");
  });
});
