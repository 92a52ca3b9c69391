/** The same through the real command: its arguments, a broken `swarm.json`, and a worker over damaged files. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { openStore } from "../../../src/app/compose.ts";
import { endLeaked, leakedProcesses } from "../../setup/leaks.ts";
import type { Fence } from "../fence.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { mutatedBytes } from "../mutated.ts";
import { acceptSound, configOf, expectDelivered } from "../workspace-parts.ts";
import { commandLine } from "./arguments.ts";
import { configText } from "./configuration.ts";
import { damages, put } from "./spool-files.ts";

const COMMAND = resolve(import.meta.dirname, "../../../bin/swarm.js");
/** What hangs is ended then; a slow machine needs a second. In milliseconds. */
const PATIENCE_MS = 60_000;

const started = fc.oneof(
  commandLine,
  fc.constantFrom(
    ["init", "--agents", "2"],
    ["init", "--agents", "1e3"],
    ["worker", "--drain", "--background"],
    ["doctor", "x"],
  ),
);

export const realProcesses: Target = target("real processes", 1, (fence) => {
  const config = configOf(fence.root);
  return feeding({
    inputs: fc.record({
      args: started.map((args) => args.map((arg) => arg.replaceAll("\0", ""))),
      input: mutatedBytes(fc.constantFrom("", "from standard input")),
      config: fc.option(configText, { nil: null }),
      damages,
    }),
    async take({ args, input, config: text, damages }) {
      const id = acceptSound(openStore(config));
      if (text !== null) writeFileSync(fence.path("swarm.json"), text, { mode: 0o600 });
      run(
        fence,
        args.filter((arg) => !arg.includes("..") && !arg.startsWith("/tmp")),
        input,
      );
      rmSync(fence.path("swarm.json"), { force: true });
      for (const { path, bytes } of damages) put(fence.path("runtime", path), bytes);
      run(fence, ["worker", "--drain"]);
      expectDelivered(openStore(config), id);
      await endPrograms(fence);
      rmSync(fence.path("runtime"), { recursive: true });
    },
    close: () => endPrograms(fence),
  });
});

function run({ root }: Fence, args: readonly string[], input: Uint8Array = Buffer.alloc(0)): void {
  const env = { ...process.env, SWT_WORKSPACE: root };
  const { status, signal, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    ...{ cwd: root, env, input, timeout: PATIENCE_MS, killSignal: "SIGKILL", encoding: "utf8" },
  });
  if (status === null || status === 70)
    throw new Error(`swarm ${JSON.stringify(args)}: ${signal ?? status}\n${stderr}`);
}

/** Workers that were started in the background. */
async function endPrograms({ root }: Fence): Promise<void> {
  endLeaked(await leakedProcesses(`SWT_WORKSPACE=${root}`, 0));
}
