/** One message, as a script sends it: the whole process, against the least that a node process can take. */
import { inTurn, type Row } from "../row.ts";
import { openBench, processMs, SWARM, startWorker } from "../workshop.ts";

/** Cheap rounds: more of them. */
const MORE = 2;

function sendRow(name: string, work: string, limit: number, args: readonly string[]): Row {
  return {
    name,
    work,
    against: "`node -e 0`",
    unit: "ms",
    limit,
    async measure(rounds) {
      const bench = openBench();
      const worker = await startWorker(bench);
      try {
        return await inTurn(
          rounds * MORE,
          async () => processMs([SWARM, "send", "Agent-1", "hello", ...args], bench),
          async () => processMs(["-e", "0"], bench),
        );
      } finally {
        await worker.stop();
        bench.remove();
      }
    },
  };
}

export const sendRows: readonly Row[] = [
  sendRow("send-no-wait", "`swarm send --no-wait`, whole process", 1.6, ["--no-wait"]),
  sendRow("send", "`swarm send` to an inbox agent, worker warm, waits for `delivered`; whole process", 2, []),
];
