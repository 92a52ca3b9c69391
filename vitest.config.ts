import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/setup/longest-first.ts";
import { TEST_PROCESSES } from "./test/setup/test-process.ts";

const DESKTOP_TESTS = [
  "test/desktop-fixture/**/*.test.ts",
  "test/desktop/x11/**/*.test.ts",
  "test/e2e/**/*.test.ts",
  "test/tmux/**/*.test.ts",
  "test/crash/{desktop,terminal}.test.ts",
  "test/sabotage/**/*.test.ts",
];

/** With windows and panes of their own as well, but mostly waiting, and right also on a machine that is busy with others of them. */
const PATIENT_TESTS = [
  "test/desktop-fixture/**/*.test.ts",
  "test/desktop/x11/{nut-contract,contract,driver,late-answer,keeper}.test.ts",
  "test/e2e/{slow,stuttering}-pages.test.ts",
  "test/e2e/{selftest-planted-bugs,calibration-tour}.test.ts",
  "test/e2e/desktop-{transport,guest,check,calibrate,missing,windows,killed-worker,two-workspaces}.test.ts",
  "test/e2e/tmux-agents.test.ts",
  "test/tmux/tmux-transport.test.ts",
  "test/crash/{desktop,terminal}.test.ts",
  "test/sabotage/sabotage.test.ts",
];

/** Real agents, installed from npm: `npm run test:agents`. They wait as well. */
const AGENT_TESTS = "test/agents/**/*.test.ts";

/** The long forms of the tests that try to break it: `npm run soak`. Each has a short one in `npm test`. */
const SOAK_TESTS = "test/**/*.soak.ts";

/** Groups, one after the other: the tests that share the machine well run side by side, those with windows one file at a time. */
export default defineConfig({
  test: {
    globalSetup: ["test/setup/global.ts"],
    pool: TEST_PROCESSES,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
    sequence: { sequencer: LongestFirst },
    coverage: { provider: "v8", include: ["src/**"] },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...DESKTOP_TESTS, AGENT_TESTS],
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "desktop",
          include: DESKTOP_TESTS,
          exclude: PATIENT_TESTS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "patient",
          include: PATIENT_TESTS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "agents",
          include: [AGENT_TESTS],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "soak",
          include: [SOAK_TESTS],
          testTimeout: 7_200_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
