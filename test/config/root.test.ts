import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findRoot } from "../../src/config/root.ts";
import { freshWorkspace } from "./workspace.ts";

it("prefers the flag to the variable and the variable to the folder", () => {
  const [flagged, named, current] = [freshWorkspace({}), freshWorkspace({}), freshWorkspace({})];
  const env = { SWARM_ROOT: named };
  expect(findRoot({ flag: flagged, env, cwd: current })).toMatchObject({ root: flagged, source: "--root" });
  expect(findRoot({ flag: undefined, env, cwd: current })).toMatchObject({
    root: named,
    source: "SWARM_ROOT",
  });
  expect(findRoot({ flag: undefined, env: {}, cwd: current })).toMatchObject({
    root: current,
    source: "folder",
  });
});

it("takes the nearest folder above that holds swarm.json or agent_workspaces", () => {
  const outer = freshWorkspace({});
  const inner = join(outer, "a", "b");
  mkdirSync(join(inner, "c", "agent_workspaces"), { recursive: true });
  expect(findRoot({ flag: undefined, env: {}, cwd: inner })).toMatchObject({ root: outer });
  expect(findRoot({ flag: undefined, env: {}, cwd: join(inner, "c") })).toMatchObject({
    root: join(inner, "c"),
  });
});

it("names the folders it looked in and how to make a workspace", () => {
  const cwd = realpathSync(freshWorkspace());
  const result = findRoot({ flag: undefined, env: {}, cwd });
  expect(result).toMatchObject({ ok: false, hint: expect.stringContaining("swarm init") });
  if (!result.ok) expect(result.message).toContain(`${cwd}, ${join(cwd, "..")}`);
});

it.each([
  ["missing", "does not exist"],
  ["swarm.json", "is not a folder"],
  ["", "is empty"],
])("refuses --root %j", (flag, text) => {
  const result = findRoot({ flag, env: {}, cwd: freshWorkspace({}) });
  expect(result.ok ? "" : result.message).toContain(text);
});
