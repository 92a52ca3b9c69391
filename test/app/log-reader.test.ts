import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogReader, parseLogLine } from "../../src/app/log-reader.ts";
import { WorkerLog } from "../../src/delivery/worker-log.ts";

describe("the worker's log as entries", () => {
  let root: string;
  let path: string;
  const events = (reader: LogReader) => reader.readNew().map(({ event }) => event);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "log-"));
    mkdirSync(join(root, "runtime"));
    path = join(root, "runtime", "worker.log");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("are what was written, whatever the fields hold", () => {
    const fields = { id: "msg_1", reason: 'no "window" = x\n\tno hope', ms: 3, next: null };
    new WorkerLog(path, { now: () => 1_700_000_000_000 }).write("failed", fields);
    expect(new LogReader(root).readNew()).toEqual([
      {
        at: 1_700_000_000_000,
        event: "failed",
        fields: { id: "msg_1", reason: 'no "window" = x\n\tno hope', ms: "3", next: "-" },
      },
    ]);
    expect(["", "no time", "2026-01-01T00:00:00.000Z", "x=1"].map(parseLogLine)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it("come once each where there is only an old file at first", () => {
    const reader = new LogReader(root);
    writeFileSync(`${path}.1`, "2026-01-01T00:00:00.000Z zero\n");
    expect(events(reader)).toEqual(["zero"]);
    expect(events(reader)).toEqual([]);
    writeFileSync(path, "2026-01-01T00:00:00.000Z one\n");
    expect(events(reader)).toEqual(["one"]);
  });

  it("come once each, also across a change of the file and where a line is not whole yet", () => {
    const line = (event: string) => `2026-01-01T00:00:00.000Z ${event}\n`;
    const reader = new LogReader(root);
    expect(events(reader)).toEqual([]);
    writeFileSync(path, line("one"));
    writeFileSync(`${path}.1`, line("zero"));
    expect(events(reader)).toEqual(["zero", "one"]);
    expect(events(reader)).toEqual([]);
    appendFileSync(path, line("two") + line("three").slice(0, 26));
    expect(events(reader)).toEqual(["two"]);
    appendFileSync(path, line("three").slice(26) + line("four"));
    renameSync(path, `${path}.1`);
    writeFileSync(path, line("five"));
    expect(events(reader)).toEqual(["three", "four", "five"]);
    renameSync(path, `${path}.1`);
    expect(events(reader)).toEqual([]);
    writeFileSync(path, line("six"));
    expect(events(reader)).toEqual(["six"]);
  });
});
