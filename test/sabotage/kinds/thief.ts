import { setTimeout as delay } from "node:timers/promises";
import { requestActive } from "../../../src/desktop/x11/windows.ts";
import { pick, type Saboteur, type Tools } from "../plan.ts";
import { rudeClient } from "./rude-client.ts";

const WAYS = ["activate", "activate", "focus", "raise", "there and back"] as const;
const BACK_AFTER_MS = 3;
const WINDOW = { x: 1250, y: 820, width: 200, height: 120 };

/** Takes the focus for another window, its own among them, or only lays one over the others. */
export async function openThief({ plan, random, tell }: Tools): Promise<Saboteur> {
  const client = await rudeClient(plan.display);
  const { x } = client;
  const own = client.open("the thief's", WINDOW, () => tell({ did: "felt_key" }));
  const windows = [...plan.windows, plan.personWindow, own, own];
  return {
    async act() {
      const window = pick(random, windows);
      const way = pick(random, WAYS);
      if (way === "raise") client.raise(window);
      if (way === "activate") requestActive(x, window);
      if (way === "focus") client.setFocus(window);
      if (way === "there and back") {
        const { focus } = await x.ask<{ focus: number }>((r) => x.client.GetInputFocus(r));
        client.setFocus(window);
        await x.sync();
        await delay(random() * BACK_AFTER_MS);
        if (focus > 1) client.setFocus(focus);
      }
      await x.sync().catch(() => undefined);
      tell({ did: "acted", what: way });
    },
  };
}
