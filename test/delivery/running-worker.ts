/** A worker in this process, over the real spool in a fresh folder; its transports are the test's. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock, systemRandom } from "../../src/app/system-world.ts";
import { Drafts } from "../../src/delivery/drafts.ts";
import { RecentTexts } from "../../src/delivery/recent-texts.ts";
import { runWorker, type WorkerDeps, type WorkerEnd } from "../../src/delivery/worker.ts";
import type { Agent } from "../../src/domain/agent.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { MessageState } from "../../src/domain/status.ts";
import type { DeliverySettings } from "../../src/ports/settings.ts";
import type { NewMessage, Spool, StoredMessage } from "../../src/ports/store.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { until } from "../desktop-fixture/until.ts";
import { noAlerts, oneTransport, settingsFor } from "./fake-world.ts";
import { freshRoot } from "./fresh-folder.ts";
import { MemoryLog } from "./memory-log.ts";
import { aNewMessage } from "./messages.ts";

export interface WorldOptions {
  readonly agents: readonly Agent[];
  readonly settings?: Partial<DeliverySettings>;
  readonly deliver?: (attempt: Attempt) => Promise<Outcome>;
  readonly resume?: (attempt: Attempt) => Promise<Outcome>;
  /** Desktop attempts side by side. */
  readonly parallel?: number;
}

export interface World {
  readonly root: string;
  readonly log: MemoryLog;
  /** As any other program sees the queue. */
  readonly outbox: Spool;
  /** May be replaced while the worker runs. */
  settings: DeliverySettings;
  /** Changes what the worker is given. */
  deps: Partial<WorkerDeps>;
  accept(parts?: Partial<NewMessage>): Message;
  /** Starts a worker. `idleMs` 0 ends it when nothing waits. */
  work(idleMs: number | null): Running;
  /** Runs a worker until nothing waits. */
  drain(): Promise<WorkerEnd>;
  stateOf(message: Message): MessageState;
  /** Waits until the message has this status. */
  reached(message: Message, status: MessageState["status"]): Promise<MessageState>;
}

export interface Running {
  readonly ended: Promise<WorkerEnd>;
  stop(): Promise<WorkerEnd>;
}

export function aWorld(options: WorldOptions): World {
  const root = freshRoot();
  const log = new MemoryLog();
  const deliver = options.deliver ?? (() => Promise.reject(new Error("no desktop in this test")));
  const transport = { deliver, resume: options.resume ?? deliver, close: () => Promise.resolve() };
  const outbox = openStore(root);
  const world: World = {
    root,
    log,
    outbox,
    settings: settingsFor(options.agents, options.settings),
    deps: {},
    accept: (parts) => acceptOne(outbox, parts),
    work: (idleMs) => {
      const stop = new AbortController();
      const { transports } = oneTransport(transport, options.parallel);
      const deps: WorkerDeps = {
        root,
        log,
        clock: systemClock,
        random: systemRandom,
        pid: process.pid,
        spool: openStore(root),
        settings: { current: () => world.settings },
        transports,
        drafts: new Drafts(root),
        recentTexts: new RecentTexts(),
        socketPath: join(root, "runtime", "queue", "worker.sock"),
        tryLock: () => Promise.resolve({ release: () => undefined }),
        isWorkspaceThere: () => true,
        onSettled: () => undefined,
        onListening: () => () => undefined,
        alerts: noAlerts,
        flush: () => undefined,
        ...world.deps,
      };
      const ended = runWorker(deps, { idleMs, stop: stop.signal });
      const stopIt = () => {
        stop.abort();
        return ended;
      };
      onTestFinished(async () => void (await stopIt()));
      return { ended, stop: stopIt };
    },
    drain: () => world.work(0).ended,
    stateOf: (message) => found(outbox, message).state,
    reached: (message, status) =>
      until(`${message.id} is ${status}`, () => {
        const { state } = found(outbox, message);
        return state.status === status && state;
      }),
  };
  outbox.interrupted(); // makes the folders
  return world;
}

export function openStore(root: string): Spool {
  return openSpool({
    root,
    maxBytes: 1_048_576,
    clock: systemClock,
    random: systemRandom,
    archiveMs: 86_400_000,
  });
}

export function acceptOne(outbox: Spool, parts?: Partial<NewMessage>): Message {
  const result = outbox.accept([aNewMessage(parts)], false);
  const message = result.kind === "accepted" ? result.messages[0]?.message : undefined;
  if (!message) throw new Error(`not accepted: ${JSON.stringify(result)}`);
  return message;
}

function found(outbox: Spool, { id }: Message): StoredMessage {
  const stored = outbox.find(id);
  if (!stored) throw new Error(`${id} is gone`);
  return stored;
}
