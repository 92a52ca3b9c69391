import { between, pick, type Saboteur, type Tools } from "../plan.ts";
import { rudeClient } from "./rude-client.ts";

/** Moves and sizes the agents' windows, over one another too; they stay on the screen. */
export async function openMover({ plan, random, tell }: Tools): Promise<Saboteur> {
  const client = await rudeClient(plan.display);
  return {
    async act() {
      const window = pick(random, plan.windows);
      client.place(window, {
        x: between(random, [0, 1_080]),
        y: between(random, [20, 440]),
        width: between(random, [340, 500]),
        height: between(random, [340, 500]),
      });
      await client.x.sync();
      tell({ did: "acted", what: "moved" });
    },
  };
}
