import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepCalibration, measuredPanes, measuredWindows } from "../../src/app/calibration-file.ts";

const SIZE = { width: 800, height: 600 };
const MEASURED = {
  at: 1_000,
  input: { x: 10, y: -20, from: "bottom-left" },
  window: SIZE,
  screen: SIZE,
  screens: [{ x: 0, y: 0, ...SIZE }],
} as const;
const WINDOW = {
  name: "Agent-1",
  transport: "desktop",
  profile: "chat",
  windowTitle: "x",
  input: MEASURED.input,
} as const;
const PANE = { name: "Agent-2", transport: "tmux", pane: "w:0.0", socket: "default", profile: null } as const;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "swt-"));
  mkdirSync(join(root, "runtime"));
});
afterEach(() => rmSync(root, { recursive: true }));

it("what was measured is kept for each agent, for its user alone, and with nothing beside it", () => {
  expect(keepCalibration(root, "Agent-1", MEASURED)).toBeNull();
  expect(keepCalibration(root, "Agent-2", { at: 2_000, pane: "w:0.0", socket: "default" })).toBeNull();
  expect(measuredWindows(root)(WINDOW)).toEqual(MEASURED);
  expect(measuredPanes(root)(PANE)?.at).toBe(2_000);
  expect(statSync(join(root, "runtime/calibration.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(root, "runtime"))).toEqual(["calibration.json"]);
});

it("what was measured says nothing of a point or a pane that was changed by hand since", () => {
  keepCalibration(root, "Agent-1", MEASURED);
  keepCalibration(root, "Agent-2", { at: 2_000, pane: "w:0.0", socket: "default" });
  expect(measuredWindows(root)({ ...WINDOW, input: { ...WINDOW.input, y: -21 } })).toBeNull();
  expect(measuredPanes(root)({ ...PANE, socket: "other" })).toBeNull();
  expect(measuredPanes(root)({ ...PANE, name: "Agent-1" })).toBeNull();
});

it.each([
  "",
  "{",
  "[]",
  "null",
  '{"agents":7}',
  '{"agents":{"Agent-1":null}}',
  JSON.stringify({ agents: { "Agent-1": { ...MEASURED, screens: "none" } } }),
  JSON.stringify({ agents: { "Agent-1": { ...MEASURED, window: { width: "800" } } } }),
])("a damaged file means that nothing is known, and the next calibration writes a whole one: %s", (text) => {
  writeFileSync(join(root, "runtime/calibration.json"), text);
  expect(measuredWindows(root)(WINDOW)).toBeNull();
  expect(keepCalibration(root, "Agent-1", MEASURED)).toBeNull();
  expect(measuredWindows(root)(WINDOW)).toEqual(MEASURED);
});

it("one that can't be written is told of, and is no error", () => {
  rmSync(join(root, "runtime"), { recursive: true });
  expect(keepCalibration(root, "Agent-1", MEASURED)).toMatch(/could not be kept .*: ENOENT/);
});
