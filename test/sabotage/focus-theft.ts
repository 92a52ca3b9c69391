/** Deliveries while a thief takes the focus every few milliseconds: which of swarm's keys reach a window that is not its target. */
import { setTimeout as delay } from "node:timers/promises";
import { trackerSays } from "../e2e/desktop-agents.ts";
import type { BroadcastJson, RetryJson, Tracker } from "../e2e/json.ts";
import { type Saboteurs, startSaboteurs } from "./saboteurs.ts";
import { AGENTS, openScene, PERSON, textsIn } from "./scene.ts";
import { type Sent, wrongsOf } from "./verdict.ts";

/** From one theft to the next, in milliseconds. */
const GAP_MS = [5, 20] as const;
/** It steals for so long, and lets swarm work for so long: without a pause nothing would ever be delivered. */
const STEALS_MS = 700;
const RESTS_MS = 500;
const QUIET_MS = 240_000;
/** Nobody else is at this desktop. */
const DELIVERY = {
  attempts: 20,
  backoff: { initial: "50ms", factor: 1.2, max: "200ms" },
  humanIdle: "10ms",
};

export interface TheftFigures {
  readonly wrongs: readonly string[];
  readonly deliveries: number;
  readonly attempts: number;
  readonly thefts: number;
  readonly unconfirmed: number;
  /** In the thief's window, in the person's page, and in agents' pages that were not meant. */
  readonly strayKeys: number;
}

export async function deliverToAThief(deliveries: number, seed: number): Promise<TheftFigures> {
  const scene = await openScene(DELIVERY);
  const { stage, workspace } = scene;
  let thief: Saboteurs | null = null;
  try {
    const company = { stage, agents: AGENTS, person: PERSON, root: workspace.root, seed };
    thief = await startSaboteurs({ ...company, gapsMs: { thief: GAP_MS } });
    const sent: Sent[] = [];
    while (sent.length < deliveries) {
      const body = `message ${sent.length}\nwith a second line`;
      const printed = await workspace.json<BroadcastJson>(["broadcast", body, "--no-wait"]);
      for (const { id, recipient } of printed.messages) sent.push({ id, recipient, body });
    }
    const isOver = (now: Tracker) =>
      sent.every(({ id }) => !["queued", "delivering", undefined].includes(now[id]?.status));
    const stealing = stealUntil(thief, async () => isOver(await trackerSays(workspace, () => true)));
    await stealing;
    await workspace.json<RetryJson>(["retry-failed", "--timeout", "200s"]).catch(() => null);
    const tracker = await trackerSays(workspace, isOver, QUIET_MS);
    const texts = [...(await textsIn(scene)).values(), (await stage.pages.state(PERSON)).text].join("");
    const told = thief.told();
    const entries = sent.flatMap(({ id }) => tracker[id] ?? []);
    return {
      wrongs: wrongsOf(scene, sent, tracker),
      deliveries: sent.length,
      attempts: entries.reduce((sum, { retry_count }) => sum + retry_count + 1, 0),
      thefts: told.filter(({ did }) => did === "acted").length,
      unconfirmed: entries.filter(({ status }) => status === "unconfirmed").length,
      strayKeys: told.filter(({ did }) => did === "felt_key").length + texts.length,
    };
  } finally {
    await thief?.stop();
    await scene.stop();
  }
}

async function stealUntil(thief: Saboteurs, isOver: () => Promise<boolean>): Promise<void> {
  while (!(await isOver())) {
    thief.resume();
    await delay(STEALS_MS); // so long it steals
    await thief.pause();
    await delay(RESTS_MS);
  }
}
