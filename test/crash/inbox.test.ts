import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PRODUCERS, producerStand, workerStand } from "./inbox-stands.ts";
import { runSlowedAt } from "./kill-points.ts";
import { sweepKills } from "./sweep.ts";

/** The worker's points are many: which of them a run takes, its seed says. */
const SEED = Date.now() % 1000;
const onLinux = it.runIf(process.platform === "linux");

onLinux.each(Object.entries(PRODUCERS))(
  "a sender of %s that is killed before any change leaves all of it or nothing, and what it promised is delivered",
  async (_what, args) => {
    const swept = await sweepKills(() => producerStand(args), { which: "changes", isToTheEnd: false });
    expect(swept.violations).toEqual([]);
    expect(swept.kills).toBeGreaterThan(20);
  },
  120_000,
);

onLinux(
  "a worker that is killed before a change leaves every message to the next one, which delivers each once",
  async () => {
    const every = { stride: 3, offset: SEED };
    const swept = await sweepKills(workerStand, { which: "changes", isToTheEnd: false, ...every });
    expect({ seed: SEED, violations: swept.violations }).toEqual({ seed: SEED, violations: [] });
    expect(swept.kills).toBeGreaterThan(25);
  },
  120_000,
);

onLinux("a sender that is slower than the worker it has started leaves no note of its start", async () => {
  const stand = await producerStand(["send", "Agent-1", "hello"]);
  try {
    // It waits for the worker to deliver: so that one has begun, and has removed the note of it.
    const { stdout } = await runSlowedAt(stand.run, "clone", "500ms");
    expect(stdout).toMatch(/msg_/);
    expect(readdirSync(join(stand.run.root, "runtime/queue"))).not.toContain("worker.starting");
  } finally {
    await stand.remove();
  }
});
