/** What a worker has learned and counted, `timing.json`, `metrics.json` and `alerts.json`, and what an agent's inbox holds. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { alertsPath } from "../../../src/app/alert-report.ts";
import { readLearnedDelays } from "../../../src/app/learned-delays.ts";
import { readInbox } from "../../../src/app/read-inbox.ts";
import { systemClock } from "../../../src/app/system-world.ts";
import { AlertFile } from "../../../src/delivery/alert-file.ts";
import { parseAlertRecord } from "../../../src/delivery/alert-record.ts";
import { MetricsRecorder } from "../../../src/delivery/metrics-recorder.ts";
import { LearnedTiming } from "../../../src/delivery/timing.ts";
import { MemoryLog } from "../../delivery/memory-log.ts";
import { aMessage, aState } from "../../delivery/messages.ts";
import { commandIn } from "../command.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { mutatedBytes, mutatedJson } from "../mutated.ts";

const timing = fc.constant({
  schema: 1,
  steps: {
    "Agent-1/desktop/paste": { ms: [1, 2.5], misses: 0 },
    "constructor/tmux/enter": { ms: [], misses: 3 },
  },
});
const slice = { at: 1_767_323_045_678, ended: 3, delivered: 2, retried: 1, recovered: 1 };
const metrics = fc.constant({
  schema: 1,
  slices: [slice],
  deliveries: [{ at: 1, ms: 2 }],
  lockWaits: [{ at: 1, ms: 2 }],
});
const notice = {
  event: "fired",
  code: "failed_for",
  message: "m",
  since: 1_767_323_045_678,
  at: 1_767_323_045_679,
};
const alerts = fc.constant({
  schema: 1,
  incidents: [
    { code: "failure_rate", since: 1_767_323_045_678, isTold: true, ids: ["msg_20260102_030405_0123abcd"] },
  ],
  untold: [notice],
  telling: notice,
  failure: { at: 1_767_323_045_679, event: "fired", code: "failed_for", reason: "r", command: "c" },
});
const inboxFile = fc.constant(
  "# Message Delivery Confirmation\n\n**Message ID**: msg_20260102_030405_0123abcd\n**From**: Captain\n**Recipient**: Agent-1\n**Priority**: normal\n**Timestamp**: 2026-01-02T03:04:05.678Z\n**SHA-256**: x\n\n---\n\nHello\n",
);
const INBOX_FILE = "agent_workspaces/Agent-1/inbox/MESSAGE_20260102_030405_msg_20260102_030405_0123abcd.md";

export const learnedFiles: Target = target("learned files", 10, (fence) => {
  const command = commandIn(fence.root);
  mkdirSync(fence.path("runtime"), { mode: 0o700 });
  return feeding({
    inputs: fc.record({
      timing: mutatedBytes(mutatedJson(timing)),
      metrics: mutatedBytes(mutatedJson(metrics)),
      alerts: mutatedBytes(mutatedJson(alerts)),
      inbox: mutatedBytes(inboxFile),
    }),
    async take(files) {
      const path = { timing: fence.path("runtime/timing.json"), metrics: fence.path("runtime/metrics.json") };
      writeFileSync(path.timing, files.timing, { mode: 0o600 });
      writeFileSync(path.metrics, files.metrics, { mode: 0o600 });
      writeFileSync(alertsPath(fence.root), files.alerts, { mode: 0o600 });
      writeFileSync(fence.path(INBOX_FILE), files.inbox, { mode: 0o600 });
      readLearnedDelays(fence.root);
      for (const args of [["status"], ["status", "--json", "--check"], ["inbox", "Agent-1"]])
        await command.run(args);
      readInbox(fence.root, "Agent-1");
      const log = new MemoryLog();
      const learned = new LearnedTiming({
        path: path.timing,
        clock: systemClock,
        log,
        stepFloorMs: 200,
        stepCeilingMs: 20_000,
      });
      expectBounded(learned.deadlineMs("Agent-1", "desktop", "paste"));
      learned.record("Agent-1", "desktop", "paste", 7);
      learned.flush();
      const kept = JSON.parse(readFileSync(path.timing, "utf8")) as {
        steps: Record<string, { ms: number[] }>;
      };
      if (kept.steps["Agent-1/desktop/paste"]?.ms.at(-1) !== 7)
        throw new Error("nothing is learned any more");
      const finishedAt = Date.now();
      const recorder = new MetricsRecorder({
        path: path.metrics,
        clock: systemClock,
        log,
        windowMs: () => 3_600_000,
      });
      recorder.settled(aMessage(), aState({ status: "delivered", finishedAt, totalAttempts: 1 }));
      recorder.flush();
      const counted = JSON.parse(readFileSync(path.metrics, "utf8")) as { deliveries: { at: number }[] };
      if (counted.deliveries.at(-1)?.at !== finishedAt) throw new Error("nothing is counted any more");
      const file = new AlertFile(alertsPath(fence.root), log);
      file.load();
      file.change({ telling: null });
      const keptAlerts = JSON.parse(readFileSync(alertsPath(fence.root), "utf8")) as unknown;
      if (parseAlertRecord(keptAlerts)?.telling !== null) throw new Error("no alerts are kept any more");
      rmSync(fence.path(INBOX_FILE));
    },
    close: () => command.restore(),
  });
});

function expectBounded(ms: number): void {
  if (!(ms >= 200 && ms <= 20_000)) throw new Error(`a deadline of ${ms} ms`);
}
