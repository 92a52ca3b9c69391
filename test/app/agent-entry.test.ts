import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeAgentEntry } from "../../src/app/agent-entry.ts";

const ENTRY = { transport: "inbox" };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entry-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function namesAfter(agents: readonly string[], added: string): readonly string[] {
  const before = { groups: {}, agents: Object.fromEntries(agents.map((name) => [name, { was: name }])) };
  writeFileSync(join(root, "swarm.json"), JSON.stringify(before));
  const after = JSON.parse(readFileSync(writeAgentEntry(root, added, ENTRY), "utf8"));
  expect(after).toEqual({ ...before, agents: { ...before.agents, [added]: ENTRY } });
  return Object.keys(after.agents);
}

describe("a calibrated agent is written to swarm.json", () => {
  it("as the first, where there is no file", () => {
    const path = writeAgentEntry(root, "Agent-1", ENTRY);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ agents: { "Agent-1": ENTRY } });
  });

  it.each([
    ["where its name belongs", ["Agent-1", "Agent-3", "Agent-10"], "Agent-2", [0, "new", 1, 2]],
    ["behind the others, where these are in an order of somebody's", ["B", "A"], "AA", [0, 1, "new"]],
    ["in its own place, where it is there", ["A", "B", "C"], "B", [0, "new", 2]],
  ] as const)("%s", (_, agents, added, order) => {
    expect(namesAfter(agents, added)).toEqual(order.map((at) => (at === "new" ? added : agents[at])));
  });
});
