import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WorkerLog } from "../../src/delivery/worker-log.ts";
import { freshRoot } from "./fresh-folder.ts";
import { ManualClock } from "./manual-clock.ts";

test("each event is one line, whatever its fields hold", () => {
  const path = join(freshRoot(), "worker.log");
  const log = new WorkerLog(path, new ManualClock());
  log.write("failed", { id: "msg_1", reason: 'no "window"\nno hope', attempts: 3, next: null });
  log.write("ended");
  expect(readFileSync(path, "utf8")).toBe(
    '2026-01-02T03:04:05.000Z failed id=msg_1 reason="no \\"window\\"\\nno hope" attempts=3 next=-\n' +
      "2026-01-02T03:04:05.000Z ended\n",
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a log that has grown long becomes worker.log.1, and no third file appears", () => {
  const root = freshRoot();
  const path = join(root, "worker.log");
  const clock = new ManualClock();
  for (const round of ["first", "second"]) {
    writeFileSync(path, `${round}\n`.padEnd(5_000_001, "x"));
    new WorkerLog(path, clock).write(round);
    expect(readFileSync(`${path}.1`, "utf8").startsWith(round)).toBe(true);
    expect(statSync(path).size).toBeLessThan(100);
  }
  expect(existsSync(`${path}.2`)).toBe(false);
});

test("a log that can't be written stops nothing", () => {
  const log = new WorkerLog(join(freshRoot(), "missing", "worker.log"), new ManualClock());
  expect(() => log.write("started")).not.toThrow();
});

test("trouble that lasts is told once a minute, and other events meanwhile as ever", async () => {
  const path = join(freshRoot(), "worker.log");
  const clock = new ManualClock();
  const log = new WorkerLog(path, clock);
  for (let second = 0; second < 120; second += 1) {
    log.write("trouble", { reason: "ENOSPC" });
    log.write("put_off", { id: `msg_${second}` });
    await clock.pass(1000);
  }
  const lines = readFileSync(path, "utf8").split("\n");
  expect(lines.filter((line) => line.includes(" trouble "))).toHaveLength(2);
  expect(lines.filter((line) => line.includes(" put_off "))).toHaveLength(120);
});
