import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { appendWhole, wholeLines } from "../../src/support/line-log.ts";
import { eachLineHead, findLastLine, lastLineHeads, readLineAt } from "../../src/support/line-search.ts";
import { failsAt } from "./disk.ts";

const folder = mkdtempSync(join(tmpdir(), "swl-"));
const path = join(folder, "log");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = fc.string({ unit: fc.constantFrom("a", "b", "ü", "🧑", " "), maxLength: 12 });
/** Lines, and what a crash left behind them. */
const logs = fc.record({ lines: fc.array(line, { maxLength: 12 }), torn: line });

function write({ lines, torn }: { readonly lines: readonly string[]; readonly torn: string }): Buffer {
  const bytes = Buffer.from(lines.map((text) => `${text}\n`).join("") + torn);
  writeFileSync(path, bytes);
  return bytes;
}

describe("a log of lines", () => {
  test("has its whole lines, and no torn one", () => {
    fc.assert(
      fc.property(logs, (log) => {
        const bytes = write(log);
        const wholeBytes = bytes.length - Buffer.byteLength(log.torn);
        expect(wholeLines(bytes)).toEqual({ lines: log.lines, wholeBytes });
      }),
    );
  });

  test("grows by what is appended, in place of a torn line", () => {
    fc.assert(
      fc.property(logs, line, (log, next) => {
        const { wholeBytes } = wholeLines(write(log));
        const length = appendWhole(path, `${next}\n`, { wholeBytes, isSynced: false });
        const bytes = readFileSync(path);
        expect(length).toBe(bytes.length);
        expect(wholeLines(bytes).lines).toEqual([...log.lines, next]);
      }),
      { numRuns: 50 },
    );
  });

  test("is as before when an append fails", () => {
    for (let step = 1; step <= 3; step += 1) {
      const { wholeBytes } = wholeLines(write({ lines: ["one"], torn: "" }));
      const append = () => appendWhole(path, "two\n", { wholeBytes, isSynced: true });
      expect(() => failsAt(step, "EIO", "from then on", append)).toThrow("EIO");
      expect(readFileSync(path, "utf8")).toBe("one\n");
    }
  });

  test("that is not there is not made by an append", () => {
    const missing = join(folder, "missing");
    expect(() => appendWhole(missing, "x\n", { wholeBytes: 0, isSynced: false })).toThrow("ENOENT");
    expect(existsSync(missing)).toBe(false);
  });
});

describe("a look into a file of lines", () => {
  test("finds the last whole line that begins so", () => {
    fc.assert(
      fc.property(
        logs,
        fc.string({ unit: fc.constantFrom("a", "b", "ü"), minLength: 1, maxLength: 3 }),
        (log, prefix) => {
          write(log);
          expect(findLastLine(path, prefix)).toBe(
            log.lines.findLast((text) => text.startsWith(prefix)) ?? null,
          );
        },
      ),
    );
  });

  test("finds a line wherever the file is cut into chunks, and however long it is", () => {
    const long = "x".repeat(1 << 20);
    for (const shift of [-3, -2, -1, 0, 1, 2, 3]) {
      const filler = "y".repeat((1 << 20) + shift);
      write({ lines: ["first", `key-${long}`, filler, "key of another kind", filler], torn: "key-torn" });
      expect(findLastLine(path, "key-")).toBe(`key-${long}`);
      expect(findLastLine(path, "first")).toBe("first");
      expect(findLastLine(path, "key-z")).toBeNull();
    }
  });

  test("goes through all whole lines from a place on", () => {
    fc.assert(
      fc.property(logs, fc.nat({ max: 12 }), (log, skipped) => {
        write(log);
        const from = Buffer.byteLength(
          log.lines
            .slice(0, skipped)
            .map((text) => `${text}\n`)
            .join(""),
        );
        const seen: string[] = [];
        const end = eachLineHead(path, from, 1000, (found) => {
          seen.push(found.head);
          expect(readLineAt(path, found)).toBe(found.head);
        });
        expect(seen).toEqual(log.lines.slice(skipped));
        expect(end).toBe(Buffer.byteLength(log.lines.map((text) => `${text}\n`).join("")));
      }),
    );
  });

  test("shows no more of a line than was asked for", () => {
    write({ lines: ["abcdef", "ab"], torn: "" });
    const heads: string[] = [];
    eachLineHead(path, 0, 3, ({ head }) => heads.push(head));
    expect(heads).toEqual(["abc", "ab"]);
  });

  test("gives the last lines, newest first", () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 5 }), (log, maxLines) => {
        write(log);
        const heads = lastLineHeads(path, 1000, { maxLines, maxBytes: 1 << 30 });
        expect(heads.map(({ head }) => head)).toEqual(log.lines.toReversed().slice(0, maxLines));
        for (const found of heads) expect(readLineAt(path, found)).toBe(found.head);
      }),
    );
  });

  test("looks back no further than it may", () => {
    write({ lines: ["aaaa", "bbbb", "cccc"], torn: "" });
    const seen = (maxBytes: number) =>
      lastLineHeads(path, 10, { maxLines: 9, maxBytes }).map(({ head }) => head);
    expect(seen(15)).toEqual(["cccc", "bbbb", "aaaa"]);
    expect(seen(11)).toEqual(["cccc", "bbbb"]);
    expect(seen(10)).toEqual(["cccc"]);
  });

  test("sees nothing in a file that is not there", () => {
    const missing = join(folder, "missing");
    expect(findLastLine(missing, "x")).toBeNull();
    expect(lastLineHeads(missing, 10, { maxLines: 1, maxBytes: 1 })).toEqual([]);
    expect(eachLineHead(missing, 0, 10, () => expect.unreachable())).toBe(0);
  });
});
