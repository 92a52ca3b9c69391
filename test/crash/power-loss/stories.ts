/** What happens in a workspace until its power is cut; each story is recorded. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewMessage, Spool } from "../../../src/ports/store.ts";
import { acceptedMessages } from "../../contract/store.contract.ts";
import { aNewMessage } from "../../delivery/messages.ts";
import { openStore } from "../../delivery/running-worker.ts";
import { AGENTS, drain } from "./engine.ts";
import type { Journal } from "./journal.ts";
import { recordDisk } from "./recorder.ts";
import { type Script, typist } from "./typist.ts";

interface Stage {
  readonly root: string;
  readonly store: Spool;
  readonly told: (what: string) => void;
}

type Story = (stage: Stage) => unknown;

/** The events behind it lie across the end of a page. */
const NEARLY_A_PAGE = "x".repeat(3700);
const SOME_PAGES = "y".repeat(20_000);

export const STORIES: Readonly<Record<string, Story>> = {
  "the first message of a workspace is accepted": (stage) => accept(stage, [{}]),
  "a broadcast is accepted": (stage) => {
    accept(stage, [{}]);
    accept(stage, [{ recipient: "Reader" }, { recipient: "Typist" }], true);
  },
  "the same key is used twice": (stage) => {
    accept(stage, [{ key: "k" }]);
    accept(stage, [{ key: "k" }]);
  },
  "messages are delivered to an inbox": async (stage) => {
    accept(stage, [{}]);
    accept(stage, [{ body: NEARLY_A_PAGE }]);
    await deliver(stage);
    accept(stage, [{ body: SOME_PAGES }]);
    await deliver(stage);
  },
  "a message is typed over a draft": async (stage) => {
    accept(stage, [{ recipient: "Typist" }]);
    await deliver(stage);
  },
  "a message to be typed is deferred, and tried again": async (stage) => {
    accept(stage, [{ recipient: "Typist", body: NEARLY_A_PAGE }]);
    await deliver(stage, "defer", "submit");
  },
  "a message fails, and is retried": async (stage) => {
    accept(stage, [{ recipient: "Typist" }]);
    await deliver(stage, "fail");
    for (const id of stage.store.retryFailed({ isUnconfirmedIncluded: false })) stage.told(`retried ${id}`);
    await deliver(stage);
  },
  "a message is cancelled": (stage) => {
    const [id = ""] = accept(stage, [{}]);
    accept(stage, [{}]);
    if (stage.store.cancel(id) === "cancelled") stage.told(`cancelled ${id}`);
  },
  "a dropped file is taken in": async (stage) => {
    stage.store.interrupted(); // makes the folders
    drop(stage, "from another program");
    await deliver(stage);
  },
};

/** The disk's part of it. */
export async function record(story: Story): Promise<Journal> {
  const root = mkdtempSync(join(tmpdir(), "swl-"));
  try {
    for (const agent of AGENTS) mkdirSync(join(root, "agent_workspaces", agent), { recursive: true });
    return await recordDisk(root, async (journal) => {
      const told = (what: string) => journal.told(what);
      await story({ root, store: openStore(root), told });
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function accept(
  { store, told }: Stage,
  asked: readonly Partial<NewMessage>[],
  isBroadcast = false,
): readonly string[] {
  const messages = asked.map((parts) => aNewMessage({ recipient: "Reader", ...parts }));
  const ids = acceptedMessages(store.accept(messages, isBroadcast)).map(({ message }) => message.id);
  for (const id of ids) told(`accepted ${id}`);
  return ids;
}

async function deliver({ root, told }: Stage, ...scripts: readonly Script[]): Promise<void> {
  const waiting = [...scripts];
  await drain(
    root,
    typist(() => waiting.shift() ?? "submit", told),
    (message, { status }) => {
      if (status === "delivered") told(`delivered ${message.id}`);
    },
  );
}

/** As careful as a program can be that knows no more than the contract. */
function drop({ root, told }: Stage, body: string): void {
  const [written, dropped] = ["tmp", "drop"].map((folder) => join(root, "runtime/queue", folder));
  const fd = openSync(join(written ?? "", "x.json"), "w", 0o600);
  writeSync(fd, Buffer.from(JSON.stringify({ recipient: "Typist", body })));
  fsyncSync(fd);
  closeSync(fd);
  renameSync(join(written ?? "", "x.json"), join(dropped ?? "", "x.json"));
  const folder = openSync(dropped ?? "", "r");
  fsyncSync(folder);
  closeSync(folder);
  told(`dropped ${body}`);
}
