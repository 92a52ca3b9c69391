/** What lies in the inboxes in the end. */
import { expect } from "vitest";
import { bodyOf } from "../e2e/bodies.ts";
import type { Workspace } from "../e2e/workspace.ts";

export function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `Agent-${index + 1}`);
}

/** Each of these bodies lies there once, and nothing else does. */
export function expectEachOnce(
  workspace: Workspace,
  agents: readonly string[],
  bodies: readonly string[],
): void {
  const found = agents.flatMap((agent) => workspace.inboxFiles(agent).map((file) => bodyOf(file).toString()));
  const [sorted, wanted] = [found.toSorted(), bodies.toSorted()];
  // The first difference tells enough of 100,000.
  const at = wanted.findIndex((body, index) => sorted[index] !== body);
  expect([at, sorted[at], sorted.length]).toEqual([-1, undefined, wanted.length]);
}
