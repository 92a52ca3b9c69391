import { setTimeout as delay } from "node:timers/promises";
import { pick, type Saboteur, type Tools } from "../plan.ts";

const LEAST_MS = 50;
const MOST_MS = 2_000;

/** Stops a page, or all of them, for up to 2 s; short stops come more often. */
export async function openFreezer({ plan, random, tell }: Tools): Promise<Saboteur> {
  const signal = (pids: readonly number[], name: NodeJS.Signals) => {
    for (const pid of pids) process.kill(pid, name);
  };
  return {
    async act() {
      const pids = random() < 0.3 ? plan.renderers : [pick(random, plan.renderers)];
      const ms = LEAST_MS + (MOST_MS - LEAST_MS) * random() ** 2;
      signal(pids, "SIGSTOP");
      await delay(ms);
      signal(pids, "SIGCONT");
      tell({ did: "acted", what: `froze ${pids.length} for ${Math.round(ms)} ms` });
    },
    end: () => signal(plan.renderers, "SIGCONT"),
  };
}
