/** Many messages in one process, against what durability costs by itself. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { inTurn, type Row } from "../row.ts";
import { type Bench, openBench, processMs, SWARM } from "../workshop.ts";

const MESSAGES = 1_000;
const PROGRAMS = resolve(import.meta.dirname, "../programs");
const TYPESCRIPT = ["--import", resolve(import.meta.dirname, "../../test/setup/typescript.js")];

/** Runs one of `programs/`, which prints how many milliseconds its work took. */
function programMs(name: string, args: readonly string[], { root, env }: Bench): number {
  const program = resolve(PROGRAMS, name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...TYPESCRIPT, program, ...args], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  const ms = Number(stdout);
  if (status !== 0 || !(ms > 0)) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return ms;
}

const accept: Row = {
  name: "accept",
  work: `accept of a broadcast to ${MESSAGES.toLocaleString("en")} inbox agents, in one process`,
  against: "a bare loop of as many writes: write, sync, rename, sync folder",
  unit: "ms",
  limit: 1.6,
  measure: (rounds) =>
    inTurn(
      rounds,
      async () => withBench((bench) => programMs("accept.ts", [bench.root, String(MESSAGES)], bench)),
      async () => withBench((bench) => programMs("bare-loop.ts", [bench.root, String(MESSAGES)], bench)),
    ),
};

const drain: Row = {
  name: "drain",
  work: `drain of ${MESSAGES.toLocaleString("en")} accepted inbox messages, \`swarm worker --drain\`, whole process`,
  against: "a bare loop of two such writes for each, whole process",
  unit: "ms",
  limit: 2,
  measure: (rounds) =>
    inTurn(
      rounds,
      async () =>
        withBench((bench) => {
          programMs("accept.ts", [bench.root, String(MESSAGES)], bench);
          return processMs([SWARM, "worker", "--drain"], bench);
        }),
      async () =>
        withBench((bench) =>
          processMs(
            [...TYPESCRIPT, resolve(PROGRAMS, "bare-loop.ts"), bench.root, String(MESSAGES * 2)],
            bench,
          ),
        ),
    ),
};

function withBench<T>(use: (bench: Bench) => T): T {
  const agents = Array.from({ length: MESSAGES }, (_, i) => `Agent-${i + 1}`);
  const bench = openBench({ agents });
  try {
    return use(bench);
  } finally {
    bench.remove();
  }
}

export const storeRows: readonly Row[] = [accept, drain];
