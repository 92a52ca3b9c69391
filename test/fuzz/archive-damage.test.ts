import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/app/system-world.ts";
import { archiveLine } from "../../src/spool/archive-line.ts";
import { MessageTracker } from "../../src/spool/tracker.ts";
import { stored } from "../delivery/messages.ts";
import { type Command, commandIn } from "./command.ts";
import { Fence } from "./fence.ts";

// A machine that does much else takes its time.
vi.setConfig({ testTimeout: 120_000 });

const LINE = archiveLine(stored({}, { status: "delivered", finishedAt: 1 }));
const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const DAMAGES: Readonly<Record<string, { readonly line?: string; readonly bytes?: string }>> = {
  "an id that is none": { line: LINE.replace('"id":"msg_', '"id":"\\"}msg_') },
  "a summary without end": { line: LINE.replace('"evidence":[]', `"evidence":${DEEP}`) },
  "a status that is none": { line: LINE.replace('"status":"delivered"', '"status":"constructor"') },
  "a byte before the beginning": { bytes: "-5" },
  "a byte behind the end": { bytes: "9007199254740991" },
  "a byte in the middle of a line": { bytes: "7" },
  "a byte beyond all files": { bytes: "1e308" },
};

let fence: Fence;
let command: Command;
beforeEach(() => {
  fence = new Fence();
  command = commandIn(fence.root);
  mkdirSync(fence.path("runtime/archive"), { recursive: true, mode: 0o700 });
});
afterEach(() => {
  command.restore();
  fence.remove();
});

test.each(Object.entries(DAMAGES))(
  "an archive with %s harms neither status nor tracker",
  async (_, damage) => {
    const { line = LINE, bytes = "0" } = damage;
    const totals = `{"schema":1,"months":{"2026-01":{"bytes":${bytes},"delivered":0,"cancelled":0,"expired":0}}}`;
    writeFileSync(fence.path("runtime/archive/2026-01.ndjson"), line, { mode: 0o600 });
    writeFileSync(fence.path("runtime/archive/totals.json"), totals, { mode: 0o600 });
    expect((await command.run(["status"])).code).toBe(0);
    const tracker = new MessageTracker({
      root: fence.root,
      limit: 10,
      clock: { ...systemClock, after: () => () => undefined },
    });
    tracker.start();
    tracker.close();
    const records = JSON.parse(
      readFileSync(fence.path("runtime/message_delivery_tracking.json"), "utf8"),
    ) as object;
    for (const id of Object.keys(records)) expect(id).toMatch(/^msg_\d{8}_\d{6}_[0-9a-f]{8}$/);
    for (const { status } of Object.values<{ status: string }>({ ...records }))
      expect(status).toBe("delivered");
    fence.check();
  },
);
