import { describe, expect, it } from "vitest";
import { judge, type Sent } from "../../src/selftest/judge.ts";

const sent = (fields: Partial<Sent> = {}): Sent => ({
  mark: "a1b2c3-001",
  recipient: "Plain",
  text: "[#msg_1 from selftest] hello a1b2c3-001",
  id: "msg_1",
  status: "delivered",
  exitCode: 0,
  isProven: true,
  error: null,
  ...fields,
});
const refused = sent({
  status: "failed",
  isProven: false,
  error: { code: "shell_in_pane", message: "a shell runs there" },
});
const arrived = { recipient: "Plain", text: sent().text };

describe("the judge", () => {
  it("finds nothing wrong where the recipient has what swarm says it has, once", () => {
    const { deliveries, wrongs } = judge([sent()], [arrived]);
    expect(wrongs).toEqual([]);
    expect(deliveries).toMatchObject({
      total: 1,
      delivered: 1,
      lost: 0,
      doubled: 0,
      misrouted: 0,
      altered: 0,
    });
  });

  it("finds nothing wrong where swarm refused with a reason, and nothing arrived", () => {
    const { deliveries, wrongs } = judge([refused], []);
    expect(wrongs).toEqual([]);
    expect(deliveries).toMatchObject({ delivered: 0, refused: 1 });
  });

  it("finds nothing wrong where swarm said that it can't tell, whether it arrived or not", () => {
    const unsure = sent({ status: "unconfirmed", isProven: false });
    for (const received of [[], [arrived]]) {
      const { deliveries, wrongs } = judge([unsure], received);
      expect([deliveries.unconfirmed, wrongs]).toEqual([1, []]);
    }
  });

  it.each([
    ["lost", [sent()], []],
    ["lost", [sent({ id: null, status: "not accepted", exitCode: 70 })], []],
    ["doubled", [sent()], [arrived, arrived]],
    ["doubled", [sent()], [{ ...arrived, text: `${arrived.text}${arrived.text}` }]],
    ["doubled", [sent({ status: "unconfirmed" })], [arrived, arrived]],
    ["doubled", [refused], [arrived]],
    ["misrouted", [sent()], [{ ...arrived, recipient: "Thief" }]],
    ["misrouted", [sent()], [arrived, { ...arrived, text: "what nobody sent" }]],
    ["altered", [sent()], [{ ...arrived, text: `${arrived.text} ` }]],
    ["altered", [sent()], [{ ...arrived, text: arrived.text.replace("hello", "hallo") }]],
  ] as const)("counts as %s what was %j and arrived as %j", (kind, messages, received) => {
    const { deliveries, wrongs } = judge(messages, received);
    expect(deliveries[kind]).toBe(1);
    expect(wrongs.join("\n")).not.toBe("");
  });

  it("finds it wrong that something is said to be delivered without each piece of evidence", () => {
    expect(judge([sent({ isProven: false })], [arrived]).wrongs).toEqual([
      "msg_1 for Plain is said to be delivered without proof",
    ]);
  });
});
