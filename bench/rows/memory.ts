/** What a worker keeps in memory. */
import { readFileSync } from "node:fs";
import { openOutbox } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/config/load.ts";
import { newMessages } from "../messages.ts";
import type { Row } from "../row.ts";
import { type Bench, openBench, sleep, startWorker } from "../workshop.ts";

const WAITING = 100_000;
const AT_ONCE = 10_000;
/** A worker has scanned and has written its tracker by then. In milliseconds. */
const SETTLED_MS = 20_000;
const SAMPLE_EVERY_MS = 500;
/** Nobody has this display: messages wait. */
const NO_DISPLAY = ":4999";

function memoryRow(name: string, work: string, limit: number, waiting: number): Row {
  return {
    name,
    work,
    against: null,
    unit: "MB",
    limit,
    async measure(rounds) {
      const bench = openBench({ config: configOf(), parent: "/dev/shm" });
      fill(bench, waiting);
      const worker = await startWorker(bench);
      const own: number[] = [];
      try {
        await sleep(SETTLED_MS);
        for (let round = 0; round < rounds; round++) {
          own.push(residentMb(worker.pid));
          await sleep(SAMPLE_EVERY_MS);
        }
      } finally {
        await worker.stop();
        bench.remove();
      }
      return { own, other: [] };
    },
  };
}

function configOf(): object {
  return {
    agents: {
      "Agent-1": {
        transport: "desktop",
        profile: "chat",
        window: { title: "nobody" },
        input: { x: 100, y: -50, from: "bottom-left" },
      },
    },
    desktop: { display: NO_DISPLAY },
  };
}

export function fill({ root, env }: Bench, count: number, recipient = "Agent-1"): void {
  const loaded = loadConfig(root, env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded));
  const outbox = openOutbox(loaded.config);
  for (let accepted = 0; accepted < count; accepted += AT_ONCE) {
    const recipients = Array.from({ length: Math.min(AT_ONCE, count - accepted) }, () => recipient);
    const { kind } = outbox.accept(newMessages(recipients), true);
    if (kind !== "accepted") throw new Error(kind);
  }
}

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

export const memoryRows: readonly Row[] = [
  memoryRow("memory-idle", "memory of an idle worker", 90, 0),
  memoryRow(
    "memory-full",
    `memory of a worker with ${WAITING.toLocaleString("en")} waiting messages`,
    250,
    WAITING,
  ),
];
