import { expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { workspaceFor } from "./fixture.ts";

const PAGES = [
  [],
  ...COMMANDS.map(({ name }) => [name]),
  ["config", "show"],
  ["config", "schema"],
] as readonly (readonly string[])[];

it.each(PAGES.map((words) => [words.join(" "), words] as const))("swarm %s --help", async (_, words) => {
  const workspace = workspaceFor();
  const { code, stdout, stderr } = await workspace.swarm([...words, "--help"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toMatch(/\nExamples?:\n {2}.*swarm/);
  await expect(stdout).toMatchFileSnapshot(`golden/help${words.map((word) => `-${word}`).join("")}.txt`);
});

it("prints the same help for `swarm help send`", async () => {
  const workspace = workspaceFor();
  const [flag, word] = [await workspace.swarm(["send", "--help"]), await workspace.swarm(["help", "send"])];
  expect(word.stdout).toBe(flag.stdout);
});

it("prints its help on standard error and exits with 2 when nothing was asked for", async () => {
  const { code, stdout, stderr } = await workspaceFor().swarm([]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("Usage: swarm");
});

it("prints its version", async () => {
  const { code, stdout } = await workspaceFor().swarm(["--version"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it.each([
  [["sned"], "unknown command 'sned'; did you mean send?", "see swarm --help"],
  [["status", "--wach"], "unknown option '--wach'; did you mean --watch?", "see swarm status --help"],
  [["send"], "missing required argument 'agent'; nothing was queued", "see swarm send --help"],
])("explains %j", async (argv, message, hint) => {
  const { code, stdout, stderr } = await workspaceFor().swarm(argv);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toBe(`swarm: ${message}\n  hint: ${hint}\n`);
});
