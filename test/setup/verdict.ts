/** Says how a test run ended, from vitest's results and from what was left behind. */

/** What is used of vitest's JSON report. */
export interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Skipped tests. */
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly FileResults[];
}

export interface FileResults {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

export interface Run {
  /** Null when vitest left none. */
  readonly results: Results | null;
  readonly exitCode: number;
  /** One line for each thing left behind. */
  readonly leaks: readonly string[];
  /** A skipped test is a failed one. */
  readonly isCi: boolean;
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** Lines for a person, without the closing one. */
  readonly remarks: readonly string[];
}

export function verdict({ results, exitCode, leaks, isCi }: Run): Verdict {
  const remarks = leaks.map((leak) => `LEFT BEHIND ${leak}`);
  if (results === null) return { passed: 0, failed: 1, remarks: [...remarks, "vitest left no results."] };
  const skipped = results.numPendingTests + results.numTodoTests;
  if (skipped > 0)
    remarks.push(
      ...notRun(results).map((name) => `NOT RUN TO ITS END ${name}`),
      `${skipped} skipped${isCi ? ", which counts as failed where CI is set" : ""}.`,
    );
  // Files that could not even be read have no failed test.
  const broken = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const counted = results.numFailedTests + broken.length + leaks.length + (isCi ? skipped : 0);
  // An error outside of every test fails the run without failing a test; and a run without a test proves nothing.
  const isWrong = exitCode !== 0 || results.numPassedTests === 0;
  return { passed: results.numPassedTests, failed: counted === 0 && isWrong ? 1 : counted, remarks };
}

/** Skipped, or cut off by the end of their process. */
function notRun({ testResults }: Results): readonly string[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => `${name}: ${fullName}`),
  );
}

export function closingLine({ passed, failed }: Pick<Verdict, "passed" | "failed">): string {
  return `${passed} passed, ${failed} failed`;
}
