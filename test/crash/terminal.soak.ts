import { afterAll, beforeAll, expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { type AgentPane, startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { sweepKills } from "./sweep.ts";
import { DRAFT, terminalStand } from "./terminal-stand.ts";

let server: TmuxServer;
const panes: AgentPane[] = [];

beforeAll(async () => {
  server = startTmux();
  for (const name of ["a", "b"]) panes.push(await server.agent(name));
});
afterAll(() => server.stop());

it.each([
  ["in an empty composer", "", "all", 1],
  ["over a draft", DRAFT, "changes", 1],
  ["three messages in one turn", "", "changes", 3],
] as const)(
  "a worker that types %s of a terminal may be killed before any of its calls",
  async (what, draft, which, messages) => {
    const tally = { delivered: 0, unconfirmed: 0 };
    const stand = (lane: number) =>
      terminalStand({ server, pane: panes[lane] as AgentPane, draft, messages }, tally);
    const { kills, lived, violations } = await sweepKills(stand, { which, isToTheEnd: true });
    tellFigures(`worker typing ${what} killed`, { kills, lived, ...tally, violations: violations.length });
    expect(violations).toEqual([]);
    expect(kills).toBeGreaterThan(100);
  },
);
