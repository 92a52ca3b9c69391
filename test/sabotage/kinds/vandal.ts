import { openClipboard } from "../../../src/desktop/x11/clipboard.ts";
import { connectX11 } from "../../../src/desktop/x11/connection.ts";
import type { Saboteur, Tools } from "../plan.ts";

interface Held {
  readonly text: string;
  readonly since: number;
  isTold: boolean;
}

/** Puts texts of its own into the clipboard, and tells who took it away. */
export async function openVandal({ plan, random, tell }: Tools): Promise<Saboteur> {
  const x = await connectX11(plan.display, () => process.exit());
  const clipboard = await openClipboard(x);
  let held: Held | null = null;
  const nowHeld = () => held;
  let count = 0;
  let offered: string | null = null;
  x.onEvent(() => {
    if (offered === null || held !== null || !clipboard.isOwner) return;
    held = { text: offered, since: performance.now(), isTold: false };
  });
  clipboard.onTaken((owner) => {
    if (!held) return;
    const { text, since, isTold } = held;
    held = null;
    // It was there for a moment, and may have been read in it.
    if (!isTold) tell({ did: "wrote", text });
    const isBrowser = plan.windows.some((window) => x.isSameClient(owner, window));
    const heldMs = Math.round(performance.now() - since);
    tell({ did: "lost", text, heldMs, to: isBrowser ? "browser" : "other" });
  });
  return {
    async act() {
      count += 1;
      const text = `copied elsewhere, number ${count}, ${Math.floor(random() * 1e9)}`;
      held = null;
      offered = text;
      await clipboard.offer({ text, flavors: {} });
      await x.sync();
      offered = null;
      // A program that took it later than we asked to has it: then nothing was written.
      const written = nowHeld();
      if (written === null) return;
      written.isTold = true;
      tell({ did: "wrote", text });
    },
  };
}
