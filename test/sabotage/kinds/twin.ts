import { setTimeout as delay } from "node:timers/promises";
import { between, pick, type Saboteur, type Tools } from "../plan.ts";
import { rudeClient } from "./rude-client.ts";

const STAYS_MS = [200, 2_000] as const;

/** Opens a window with an agent's title, which takes the focus, and closes it after a while. */
export async function openTwin({ plan, random, tell }: Tools): Promise<Saboteur> {
  const client = await rudeClient(plan.display);
  return {
    async act() {
      const rect = { x: 500, y: 500, width: 300, height: 200 };
      const window = client.open(pick(random, plan.titles), rect, () => tell({ did: "felt_key" }));
      await client.x.sync();
      await delay(between(random, STAYS_MS));
      client.close(window);
      await client.x.sync();
      tell({ did: "acted", what: "opened a twin" });
    },
  };
}
