/** `swarm.json`: read by itself, and by the commands. */
import { rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { openStore } from "../../../src/app/compose.ts";
import { holdWorkerPipe } from "../../../src/app/worker-pipe.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { NAME } from "../../../src/domain/agent.ts";
import { commandIn } from "../command.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { type Json, mutatedBytes, mutatedJson } from "../mutated.ts";
import { configOf } from "../workspace-parts.ts";

const WHOLE: Json = {
  agents: {
    Captain: { transport: "inbox" },
    constructor: { transport: "inbox" },
    "Agent-2": { transport: "tmux", pane: "swarm:agents.0", socket: "default", profile: "codex" },
    "Agent-3": {
      transport: "desktop",
      profile: "own",
      window: { title: "/Agent-3 - (Cursor|Code)/i" },
      input: { x: 300, y: -70, from: "bottom-left" },
    },
  },
  groups: { builders: ["Agent-2", "Agent-3"] },
  profiles: { own: { extends: "chat", submit: "Enter" } },
  delivery: {
    attempts: 3,
    backoff: { initial: "1s", factor: 2, max: "30s" },
    attemptTimeout: "20s",
    header: "[#{id} from {sender}] ",
    inlineLimit: 8000,
    maxBytes: 1_048_576,
    humanIdle: "1s",
  },
  alerts: { window: "1h", failureRate: 0.01, retryRate: 0.05, failedFor: "5m", command: null },
  retention: { tracker: 1000, archive: "90d" },
};
const documents = fc.constantFrom(
  WHOLE,
  { agents: { "Agent-2": { transport: "inbox" } } },
  { delivery: { attempts: 1 } },
);

/** One in four is not changed at all. */
export const configText = mutatedBytes(mutatedJson(documents));

export const configuration: Target = target("swarm.json", 15, (fence) => {
  const command = commandIn(fence.root);
  openStore(configOf(fence.root)).interrupted(); // makes the folders
  // Commands then take it that a worker runs, and start none.
  const release = holdWorkerPipe(fence.root);
  return feeding({
    inputs: fc.record({
      bytes: configText,
      args: fc.constantFrom(
        ["config", "show"],
        ["config", "show", "--json"],
        ["status"],
        ["status", "--json", "--check"],
        ["send", "Agent-1", "hello", "--no-wait"],
        ["broadcast", "hello", "--to", "builders", "--no-wait"],
        ["inbox"],
      ),
    }),
    async take({ bytes, args }) {
      writeFileSync(fence.path("swarm.json"), bytes, { mode: 0o600 });
      const loaded = loadConfig(fence.root, {});
      if (loaded.ok) {
        const names = [...loaded.config.agents.keys(), ...loaded.config.groups.keys()];
        const wrong = names.filter((name) => !NAME.test(name));
        if (wrong.length > 0) throw new Error(`taken for names: ${JSON.stringify(wrong)}`);
      } else if (loaded.problems.length === 0) throw new Error("refused, and nothing is wrong with it");
      const { code, out } = await command.run(args);
      if (!loaded.ok && code !== 2) throw new Error(`${args} ended with ${code} where swarm.json is wrong`);
      if (!loaded.ok && args[0] === "send" && out !== "") throw new Error(`something was queued: ${out}`);
      for (const name of ["new", "ids"])
        rmSync(fence.path("runtime/queue", name), { recursive: true, force: true });
    },
    close() {
      release();
      command.restore();
    },
  });
});
