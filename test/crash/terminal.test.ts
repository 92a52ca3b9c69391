import { afterAll, beforeAll, expect, it } from "vitest";
import { type AgentPane, startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { sweepKills } from "./sweep.ts";
import { terminalStand } from "./terminal-stand.ts";

/** Which of the points are taken, but for those around Enter, which all are. */
const SEED = Date.now() % 1000;
const STRIDE = 20;
const AROUND_ENTER = { from: /type\\":\\"typed/, to: /type\\":\\"delivered/ };

let server: TmuxServer;
const panes: AgentPane[] = [];

beforeAll(async () => {
  server = startTmux();
  for (const name of ["a", "b"]) panes.push(await server.agent(name));
});
afterAll(() => server.stop());

it.each([1, 3])(
  "a worker that is killed while it types into a terminal submits nothing twice, and leaves nothing there; messages in its turn: %i",
  async (messages) => {
    const tally = { delivered: 0, unconfirmed: 0 };
    const stand = (lane: number) =>
      terminalStand({ server, pane: panes[lane] as AgentPane, draft: "", messages }, tally);
    const every = { stride: STRIDE, offset: SEED, dense: AROUND_ENTER };
    const { kills, violations } = await sweepKills(stand, { which: "changes", isToTheEnd: false, ...every });
    expect({ seed: SEED, violations }).toEqual({ seed: SEED, violations: [] });
    expect(kills).toBeGreaterThan(5);
  },
  120_000,
);
