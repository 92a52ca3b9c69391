/** The parts of a workspace as a worker and its commands open them, in this process. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { writeInboxFile } from "../../src/delivery/inbox-file.ts";
import type { Spool, Waiting } from "../../src/ports/store.ts";

const AGENTS: ReadonlySet<string> = new Set(["Agent-1"]);

export function configOf(root: string): Config {
  const loaded = loadConfig(root, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

/** A message that is beyond doubt accepted; its id. */
export function acceptSound(spool: Spool, body = "sound"): string {
  const result = spool.accept(
    [
      {
        ...{ recipient: "Agent-1", sender: "tester", priority: "normal", body, key: null },
        ...{ raw: false, display: null, expiresAt: null, notBefore: null, join: false },
      },
    ],
    false,
  );
  const id = result.kind === "accepted" ? result.messages[0]?.message.id : undefined;
  if (id === undefined) throw new Error(`a sound message was not accepted: ${JSON.stringify(result)}`);
  return id;
}

/** Delivers what waits, as a worker does to agents without a composer. */
export function deliverAll(spool: Spool, root: string): void {
  for (const waiting of spool.scan(AGENTS)) deliver(spool, root, waiting);
}

function deliver(spool: Spool, root: string, waiting: Waiting): void {
  spool.peek(waiting);
  const claimed = spool.claim(waiting, { pid: process.pid, at: Date.now() });
  if (!claimed) return;
  const written = writeInboxFile(root, claimed.message);
  if (written.ok) rmSync(join(root, written.file));
  spool.settle(claimed.message.id, { type: "delivered", at: Date.now() });
}

/** Throws when the message was lost on the way. */
export function expectDelivered(spool: Spool, id: string): void {
  const status = spool.find(id)?.state.status;
  if (status !== "delivered") throw new Error(`the sound message ${id} is ${status ?? "lost"}`);
}
