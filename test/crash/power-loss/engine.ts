/** The real engine over the real spool in this process, with the typist for agents of the terminal. */
import { join } from "node:path";
import { systemClock, systemRandom } from "../../../src/app/system-world.ts";
import { Drafts } from "../../../src/delivery/drafts.ts";
import { RecentTexts } from "../../../src/delivery/recent-texts.ts";
import { runWorker } from "../../../src/delivery/worker.ts";
import type { Agent } from "../../../src/domain/agent.ts";
import type { Message } from "../../../src/domain/message.ts";
import type { MessageState } from "../../../src/domain/status.ts";
import type { Transport } from "../../../src/ports/transport.ts";
import { Folders } from "../../../src/spool/folders.ts";
import { openSpool } from "../../../src/spool/spool.ts";
import { MessageTracker } from "../../../src/spool/tracker.ts";
import { inboxAgent, noAlerts, oneTransport, settingsFor } from "../../delivery/fake-world.ts";
import { MemoryLog } from "../../delivery/memory-log.ts";

const READER = "Reader";
const TYPIST = "Typist";
export const AGENTS = [READER, TYPIST] as const;
const TYPISTS: Agent = { name: TYPIST, transport: "tmux", pane: "p", socket: "default", profile: null };

/** Delivers until nothing waits. `onSettled` hears of each end before anybody else can. */
export async function drain(
  root: string,
  transport: Transport,
  onSettled: (message: Message, state: MessageState) => void = () => undefined,
): Promise<void> {
  new Folders(root).prepare();
  const tracker = new MessageTracker({ root, limit: 1000, clock: systemClock });
  const end = await runWorker(
    {
      root,
      log: new MemoryLog(),
      clock: systemClock,
      random: systemRandom,
      pid: process.pid,
      spool: openSpool({
        root,
        maxBytes: 1 << 20,
        clock: systemClock,
        random: systemRandom,
        archiveMs: 1e12,
        observer: tracker,
      }),
      settings: {
        current: () =>
          settingsFor([inboxAgent(READER), TYPISTS], {
            retry: { attempts: 3, backoff: { initialMs: 1, factor: 1, maxMs: 1 } },
          }),
      },
      transports: oneTransport(transport).transports,
      drafts: new Drafts(root),
      recentTexts: new RecentTexts(),
      socketPath: join(root, "runtime", "queue", "worker.sock"),
      tryLock: () => Promise.resolve({ release: () => undefined }),
      isWorkspaceThere: () => true,
      alerts: noAlerts,
      onSettled,
      onListening: () => {
        tracker.start();
        return () => undefined;
      },
      flush: () => tracker.close(),
    },
    { idleMs: 0, stop: new AbortController().signal },
  );
  if (end !== "idle") throw new Error(`the worker ended: ${end}`);
}
