/** Files of the queue, the archive and the tracker's folder, damaged or put there by others. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";
import { openStore } from "../../../src/app/compose.ts";
import { systemClock } from "../../../src/app/system-world.ts";
import type { MessageEvent } from "../../../src/domain/events.ts";
import type { Message } from "../../../src/domain/message.ts";
import { replay } from "../../../src/domain/status.ts";
import { archiveLine } from "../../../src/spool/archive-line.ts";
import { Folders } from "../../../src/spool/folders.ts";
import { eventLine, messageLine } from "../../../src/spool/message-file.ts";
import { readOverview } from "../../../src/spool/overview.ts";
import { MessageTracker } from "../../../src/spool/tracker.ts";
import { commandIn } from "../command.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { hostileName, type Json, mutatedBytes, mutatedJson } from "../mutated.ts";
import { acceptSound, configOf, deliverAll, expectDelivered } from "../workspace-parts.ts";

const ID = "msg_20260102_030405_0123abcd";
const NAME = `2-1767323045678000-${ID}-Agent-1`;
const AT = 1_767_323_045_678;
const ERROR = { code: "focus_lost", message: "m", hint: "h" } as const;

const MESSAGE: Message = {
  id: ID,
  broadcastId: null,
  recipient: "Agent-1",
  sender: "Captain",
  priority: "normal",
  body: "Hello\nworld ä",
  sha256: createHash("sha256").update("Hello\nworld ä").digest("hex"),
  key: "k",
  raw: false,
  display: ":0",
  acceptedAt: AT,
  expiresAt: null,
  notBefore: null,
  join: false,
};

const EVENTS: readonly MessageEvent[] = [
  { type: "claimed", at: AT + 1, attempt: 1, pid: 1 },
  { type: "inbox_file", at: AT + 2, file: "agent_workspaces/Agent-1/inbox/x.md" },
  { type: "intent", at: AT + 3, window: "w" },
  { type: "draft_saved", at: AT + 4, file: `runtime/drafts/${ID}-1.txt` },
  { type: "typed", at: AT + 5, ms: 3 },
  { type: "deferred", at: AT + 6, error: ERROR, nextAttemptAt: AT + 7 },
  { type: "failed", at: AT + 8, error: ERROR },
  { type: "retried", at: AT + 9 },
  { type: "delivered", at: AT + 10 },
  { type: "acknowledged", at: AT + 11, by: "Agent-1" },
];

interface Damage {
  /** Below `runtime`. */
  readonly path: string;
  readonly bytes: Buffer;
}

const parsed = (line: string): fc.Arbitrary<Json> => fc.constant(JSON.parse(line) as Json);
const events = fc.array(
  fc.constantFrom(...EVENTS).chain((event) => mutatedJson(parsed(eventLine(event)))),
  { maxLength: 4 },
);
const messageText = fc.tuple(mutatedJson(parsed(messageLine(MESSAGE))), events).map((lines) =>
  lines
    .flat()
    .map((line) => `${line}\n`)
    .join(""),
);
const marks = fc.constantFrom(
  ...Array.from({ length: 12 }, () => ""),
  "~e1767323045679",
  "~e9999999999999999",
  "~r1.1767323045679",
  "~r999999999.9999999999999999",
  "~c1767323045679",
  "~c9999999999999999",
  "~x",
  "~e1~r2.3~c4",
);
const messageName = fc.oneof(
  { weight: 12, arbitrary: marks.map((mark) => `${NAME}${mark}.msg`) },
  { weight: 1, arbitrary: hostileName.map((name) => `2-1767323045678000-${ID}-${name}.msg`) },
  { weight: 1, arbitrary: hostileName },
);
const messageFile = fc.record({
  path: fc
    .tuple(
      fc.constantFrom("new", "new", "active", "done", "failed", "unconfirmed", "new/bc_x", "tmp"),
      messageName,
    )
    .map(([folder, name]) => `queue/${folder}/${name}`),
  bytes: mutatedBytes(messageText),
});

const archived = mutatedJson(
  parsed(archiveLine({ message: MESSAGE, events: EVENTS, state: replay(AT, EVENTS) })),
);
const totals = mutatedJson(
  fc.constant({ schema: 1, months: { "2026-01": { bytes: 0, delivered: 1, cancelled: 0, expired: 0 } } }),
);
const archive: fc.Arbitrary<Damage> = fc.record({
  path: fc.constantFrom("archive/2026-01.ndjson", "archive/2026-01.ndjson", "archive/9999-99.ndjson"),
  bytes: mutatedBytes(fc.array(archived, { maxLength: 3 }).map((lines) => `${lines.join("\n")}\n`)),
});
const archiveTotals = fc.record({
  path: fc.constant("archive/totals.json"),
  bytes: mutatedBytes(totals),
});
const sideFile: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    path: fc.constant(`queue/acks/${ID}.json`),
    bytes: mutatedBytes(mutatedJson(fc.constant({ type: "acknowledged", at: AT, by: "Agent-1" }))),
  }),
  fc.record({
    path: fc.constant("queue/waiting-count"),
    bytes: mutatedBytes(
      fc.constantFrom(`0 waiting at ${Date.now()}\n`, "999999999999999999999 waiting at 1\n"),
    ),
  }),
  fc.record({ path: hostileName.map((name) => `queue/ids/${name}`), bytes: fc.constant(Buffer.alloc(0)) }),
  fc.record({ path: hostileName.map((name) => `queue/bad/${name}`), bytes: mutatedBytes(fc.constant("x")) }),
  fc.record({
    path: fc.constant("message_delivery_tracking.json"),
    bytes: mutatedBytes(mutatedJson(fc.constant({}))),
  }),
);

/** Some of them would be messages. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.oneof({ weight: 2, arbitrary: messageFile }, { weight: 1, arbitrary: sideFile }), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  // What one says of the other counts only where both are there.
  { weight: 1, arbitrary: fc.tuple(archive, archiveTotals) },
);

export const spoolFiles: Target = target("spool files", 18, (fence) => {
  const folders = new Folders(fence.root);
  const command = commandIn(fence.root);
  const config = configOf(fence.root);
  return feeding({
    inputs: damages,
    async take(damages) {
      const before = openStore(config);
      const id = acceptSound(before);
      for (const { path, bytes } of damages) put(fence.path("runtime", path), bytes);
      const tracker = new MessageTracker({ root: fence.root, limit: 50, clock: stoodStill() });
      const spool = openStore(config, { observer: tracker });
      tracker.start();
      for (const { message } of spool.interrupted())
        spool.settle(message.id, { type: "unconfirmed", at: Date.now(), error: ERROR });
      deliverAll(spool, fence.root);
      expectDelivered(spool, id);
      readOverview(fence.root, 20);
      await command.run(["status", ID]);
      await command.run(["status", "--json"]);
      spool.acknowledge(ID, "Agent-1");
      spool.cancel(ID);
      spool.similarIds("msg_20260102_030405_0123abce");
      spool.retryFailed({ isUnconfirmedIncluded: true });
      deliverAll(spool, fence.root);
      while (spool.archiveFinished(100) > 0);
      spool.sweep();
      expectDelivered(spool, id);
      tracker.close();
      expectTracked(folders.trackerFile, id);
      empty(folders);
    },
    close: () => command.restore(),
  });
});

/** A name that no file can have is no input. */
export function put(path: string, bytes: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { mode: 0o600 });
  } catch {
    // Nothing was put there.
  }
}

/** Timers are never due: what is to be written is written at the end. */
function stoodStill() {
  return { ...systemClock, after: () => () => undefined };
}

function expectTracked(file: string, id: string): void {
  const records = JSON.parse(readFileSync(file, "utf8")) as Record<string, { readonly status: string }>;
  if (records[id]?.status !== "delivered") throw new Error(`the tracker does not show ${id}`);
}

function empty(folders: Folders): void {
  for (const name of readdirSync(folders.queue)) rmSync(`${folders.queue}/${name}`, { recursive: true });
  rmSync(folders.archive, { recursive: true, force: true });
}
