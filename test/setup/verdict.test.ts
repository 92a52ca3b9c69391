import { describe, expect, it } from "vitest";
import { closingLine, type Results, type Run, verdict } from "./verdict.ts";

const clean: Results = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};
const run: Run = { results: clean, exitCode: 0, leaks: [], isCi: true };
const broken = { name: "/a.test.ts", status: "failed", assertionResults: [] };

describe("the verdict on a test run", () => {
  it("passes a run in which every test passed and nothing was left behind", () => {
    expect(verdict(run)).toEqual({ passed: 7, failed: 0, remarks: [] });
  });

  it.each<[string, Partial<Run>]>([
    ["a failed test", { results: { ...clean, numFailedTests: 1 } }],
    ["a test file that can't be read", { results: { ...clean, testResults: [broken] } }],
    ["a skipped test where CI is set", { results: { ...clean, numPendingTests: 1 } }],
    ["a test to be written where CI is set", { results: { ...clean, numTodoTests: 1 } }],
    ["something left behind", { leaks: ["process 1: sleep"] }],
    ["an error outside of every test", { exitCode: 1 }],
    ["a run of no test", { results: { ...clean, numPassedTests: 0 } }],
    ["missing results", { results: null }],
  ])("fails a run with %s", (_, change) => {
    expect(verdict({ ...run, ...change }).failed).toBe(1);
  });

  it("counts no skipped test as failed where a person runs the tests, but says it", () => {
    const { failed, remarks } = verdict({ ...run, isCi: false, results: { ...clean, numPendingTests: 2 } });
    expect(failed).toBe(0);
    expect(remarks).toEqual(["2 skipped."]);
  });

  it("names the tests that were skipped, or cut off by the end of their process", () => {
    const { remarks } = verdict({
      ...run,
      results: {
        ...clean,
        numPendingTests: 2,
        testResults: [
          {
            name: "/a.test.ts",
            status: "passed",
            assertionResults: [
              { fullName: "one", status: "passed" },
              { fullName: "two", status: "pending" },
              { fullName: "three", status: "failed" },
              { fullName: "four", status: "skipped" },
            ],
          },
        ],
      },
    });
    expect(remarks).toEqual([
      "NOT RUN TO ITS END /a.test.ts: two",
      "NOT RUN TO ITS END /a.test.ts: four",
      "2 skipped, which counts as failed where CI is set.",
    ]);
  });

  it("closes with a line that CI reads", () => {
    expect(closingLine({ passed: 12, failed: 3 })).toBe("12 passed, 3 failed");
  });
});
