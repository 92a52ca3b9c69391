/** `status` in a workspace with a long history. */
import { openStore } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/config/load.ts";
import { newMessages } from "../messages.ts";
import { inTurn, type Row } from "../row.ts";
import { type Bench, openBench, processMs, SWARM } from "../workshop.ts";
import { fill } from "./memory.ts";

const FINISHED = 100_000;
const AT_ONCE = 5_000;
const WAITING = 1_000;

export const statusRow: Row = {
  name: "status",
  work: `\`swarm status\` with ${FINISHED.toLocaleString("en")} finished and ${WAITING.toLocaleString("en")} waiting messages, whole process`,
  against: "`swarm status` in an empty workspace",
  unit: "ms",
  limit: 1.5,
  async measure(rounds) {
    // In memory, so that a history is made in a minute; both workspaces lie there.
    const empty = openBench({ parent: "/dev/shm" });
    const full = openBench({ parent: "/dev/shm" });
    try {
      finish(full);
      fill(full, WAITING);
      return await inTurn(
        rounds,
        async () => processMs([SWARM, "status"], full),
        async () => processMs([SWARM, "status"], empty),
      );
    } finally {
      empty.remove();
      full.remove();
    }
  },
};

/** Takes messages through the spool as a worker does, on to the archive. */
function finish({ root, env }: Bench): void {
  const loaded = loadConfig(root, env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded));
  const spool = openStore(loaded.config);
  for (let finished = 0; finished < FINISHED; finished += AT_ONCE) {
    spool.accept(newMessages(Array.from({ length: AT_ONCE }, () => "Agent-1")), true);
    for (const waiting of spool.scan(new Set(["Agent-1"]))) {
      spool.claim(waiting, { pid: process.pid, at: Date.now() });
      spool.record(
        waiting.id,
        { type: "inbox_file", at: Date.now(), file: "agent_workspaces/Agent-1/inbox/x.md" },
        false,
      );
      spool.settle(waiting.id, { type: "delivered", at: Date.now() });
    }
    spool.archiveFinished(AT_ONCE);
  }
}
