/** Command lines, and what comes in by standard input. A worker in this process delivers what they send. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { runningWorker } from "../../../src/app/client.ts";
import { openStore } from "../../../src/app/compose.ts";
import { runWorkspaceWorker } from "../../../src/app/run-worker.ts";
import { until } from "../../desktop-fixture/until.ts";
import { commandIn } from "../command.ts";
import type { Fence } from "../fence.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { hostileName, mutatedBytes } from "../mutated.ts";
import { configOf, expectDelivered } from "../workspace-parts.ts";

/** Those that end by themselves, make nothing outside when they are told to, and touch no desktop. */
const COMMANDS = [
  "send",
  "broadcast",
  "retry-failed",
  "status",
  "cancel",
  "inbox",
  "read",
  "ack",
  "config",
  "help",
  "nonsense",
];
const FLAGS = [
  ...[
    "--json",
    "--quiet",
    "--no-color",
    "--raw",
    "--no-wait",
    "--check",
    "--help",
    "-V",
    "--",
    "-",
    "-x",
    "--unconfirmed",
  ],
  ...[
    "--priority",
    "--from",
    "--file",
    "--timeout",
    "--key",
    "--expires",
    "--to",
    "--except",
    "--agent",
    "--id",
    "--older-than",
    "--root",
  ],
  ...["show", "schema"],
];
const VALUES = [
  ...[
    "Agent-1",
    "agent-1",
    "msg_20260102_030405_0123abcd",
    "hello",
    "a\r\nb",
    "",
    " ",
    "\u009d".repeat(2000),
    "\ud800",
    "\ufffd",
  ],
  ...[
    "urgent",
    "0s",
    "1ms",
    "0.0001s",
    "999999999d",
    "36500d",
    "-1s",
    "1e9s",
    "NaN",
    "Infinity",
    "1,2",
    "Agent-1,Agent-1",
    ",",
  ],
  ...[
    "/dev/null",
    "/proc/self/mem",
    "sound.txt",
    ".",
    "x".repeat(20_000),
    "--timeout=1s",
    "--priority=high",
    "--no-wait=1",
  ],
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: hostileName },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);
const loose = fc
  .tuple(
    fc.constantFrom(...COMMANDS),
    fc.array(fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...FLAGS) }, { weight: 1, arbitrary: text }), {
      maxLength: 6,
    }),
  )
  .map(([command, rest]) => [command, ...rest]);
const nearlyRight = fc
  .tuple(
    fc.constantFrom(["send", "Agent-1"], ["broadcast"]),
    text,
    fc.array(fc.tuple(fc.constantFrom(...FLAGS), text), { maxLength: 2 }),
  )
  .map(([start, body, flags]) => [...start, body, ...flags.flat()]);

export const commandLine: fc.Arbitrary<readonly string[]> = fc.oneof(loose, nearlyRight);

export const commandLines: Target = target("command lines", 15, async (fence) => {
  const command = commandIn(fence.root);
  const config = configOf(fence.root);
  const spool = openStore(config);
  const stop = new AbortController();
  const worker = runWorkspaceWorker({ config, env: {}, mode: "service", stop: stop.signal });
  await until("the worker listens", async () => (await runningWorker(fence.root)) !== null);
  let taken = 0;
  writeFileSync(fence.path("sound.txt"), "from a file", { mode: 0o600 });
  return feeding({
    inputs: fc.record({
      args: commandLine,
      input: mutatedBytes(fc.constantFrom("", "from standard input")),
    }),
    async take({ args, input }) {
      // Nothing may be left out of the workspace by a command that was told to go there.
      const bounded = args.includes("--root")
        ? args.filter((arg) => !arg.includes("..") && !arg.startsWith("/tmp"))
        : args;
      const { code, out } = await command.run([...bounded], input);
      if (![0, 1, 2, 3, 4, 5, 6, 7, 75].includes(code)) throw new Error(`exit ${code}`);
      const [id] = /^msg_\d{8}_\d{6}_[0-9a-f]{8}(?= queued)/.exec(out) ?? [];
      if (id !== undefined) await until(`${id} is delivered`, () => isEnded(spool.find(id)?.state.status));
      if (code === 0 && out.includes("delivered") && id !== undefined) expectDelivered(spool, id);
      taken += 1;
      if (taken % EMPTIED_EVERY === 0) emptied(fence);
    },
    async close() {
      stop.abort();
      await worker;
      command.restore();
    },
  });
});

/** What has arrived is looked at after each input: of thousands that would take most of the time. */
const EMPTIED_EVERY = 100;

function emptied(fence: Fence): void {
  for (const place of ["agent_workspaces/Agent-1/inbox", "runtime/queue/ids", "runtime/queue/keys"])
    for (const name of readdirSync(fence.path(place)))
      rmSync(fence.path(place, name), { recursive: true, force: true });
}

function isEnded(status: string | undefined): boolean {
  return status === "delivered" || status === "expired" || status === "cancelled";
}
