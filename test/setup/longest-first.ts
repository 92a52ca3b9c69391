/** Which test files start first: those that take longest, so that none of them runs on alone at the end of its group. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take a minute and more, longest first. A fresh clone has no times of its own, and a file's size says nothing. */
const SLOWEST = [
  "e2e/desktop-transport",
  "agents/agents",
  "e2e/slow-pages",
  "e2e/selftest-planted-bugs",
  "e2e/desktop-guest",
  "tmux/tmux-transport",
  "e2e/stuttering-pages",
  "desktop/x11/nut-contract",
  "simulator/planted-bugs",
  "simulator/histories",
  "crash/inbox",
  "e2e/desktop-killed-worker",
  "sabotage/sabotage",
  "faults/worker-faults",
].map((name) => `/test/${name}.test.ts`);

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = SLOWEST.findIndex((ending) => moduleId.endsWith(ending));
  return rank === -1 ? SLOWEST.length : rank;
}
