/**
 * One saboteur as a process of its own. Its argument is a `Plan`. It acts while its input says `resume`, until `pause`;
 * it ends when its input ends. Its output are lines of `Told`.
 */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../e2e/desktop-agents.ts";
import { openFreezer } from "../kinds/freezer.ts";
import { openKiller } from "../kinds/killer.ts";
import { openMover } from "../kinds/mover.ts";
import { openPerson } from "../kinds/person.ts";
import { openThief } from "../kinds/thief.ts";
import { openTwin } from "../kinds/twin.ts";
import { openVandal } from "../kinds/vandal.ts";
import { between, type Kind, type Plan, type Saboteur, type Tools } from "../plan.ts";

const OPEN: Readonly<Record<Kind, (tools: Tools) => Promise<Saboteur>>> = {
  thief: openThief,
  vandal: openVandal,
  mover: openMover,
  person: openPerson,
  freezer: openFreezer,
  twin: openTwin,
  killer: openKiller,
};

const plan = JSON.parse(process.argv[2] ?? "") as Plan;
const random = seededRandom(plan.seed);
const tell: Tools["tell"] = (told) =>
  void process.stdout.write(`${JSON.stringify({ kind: plan.kind, ...told })}\n`);
const saboteur = await OPEN[plan.kind]({ plan, random, tell });
let wake: () => void = () => undefined;
let isPaused = true;

createInterface({ input: process.stdin })
  .on("line", (line) => {
    isPaused = line !== "resume";
    wake();
  })
  .on("close", () => {
    saboteur.end?.();
    process.exit(0);
  });
tell({ did: "ready" });

let isPauseTold = true;
for (;;) {
  if (isPaused) {
    if (!isPauseTold) tell({ did: "paused" });
    isPauseTold = true;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    continue;
  }
  isPauseTold = false;
  await Promise.race([delay(between(random, plan.gapMs)), paused()]);
  if (!isPaused) await saboteur.act();
}

function paused(): Promise<void> {
  return new Promise((resolve) => {
    wake = () => isPaused && resolve();
  });
}
