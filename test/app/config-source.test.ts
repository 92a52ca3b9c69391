import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigSource } from "../../src/app/config-source.ts";
import { loadConfig } from "../../src/config/load.ts";
import { freshRoot } from "../delivery/fresh-folder.ts";
import { MemoryLog } from "../delivery/memory-log.ts";

function setUp() {
  const root = freshRoot(["A"]);
  const log = new MemoryLog();
  const loaded = loadConfig(root, {});
  if (!loaded.ok) throw new Error("no configuration");
  const source = new ConfigSource(loaded.config, {}, log);
  const write = (config: unknown) =>
    writeFileSync(join(root, "swarm.json"), typeof config === "string" ? config : JSON.stringify(config));
  return { root, log, source, write };
}

test("a changed swarm.json counts from the next look on", () => {
  const { source, write } = setUp();
  expect(source.current().retry.attempts).toBe(3);
  write({ delivery: { attempts: 7 } });
  expect(source.current().retry.attempts).toBe(7);
});

test("a new folder in agent_workspaces is a new agent, and a removed one is none", () => {
  const { root, source } = setUp();
  mkdirSync(join(root, "agent_workspaces/B"));
  expect([...source.current().agents.keys()].toSorted()).toEqual(["A", "B"]);
  rmSync(join(root, "agent_workspaces/A"), { recursive: true });
  expect([...source.current().agents.keys()]).toEqual(["B"]);
});

test("while swarm.json is broken the last good configuration counts, and the log tells once", () => {
  const { log, source, write } = setUp();
  write({ delivery: { attempts: 7 } });
  source.current();
  write('{ "delivery": { "attempts": 0 } ');
  expect(source.current().retry.attempts).toBe(7);
  source.current();
  expect(log.events()).toEqual(["config_read", "config_broken"]);
  write({ delivery: { attempts: 5 } });
  expect(source.current().retry.attempts).toBe(5);
});
