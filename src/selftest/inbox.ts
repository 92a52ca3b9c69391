/** Part "inbox": many processes send at once while the worker is killed in the middle, again and again. */
import { join } from "node:path";
import type { Check, Promised } from "./check.ts";
import { concluded } from "./concluded.ts";
import type { Received } from "./judge.ts";
import { kill } from "./own-processes.ts";
import { contentOf, listed } from "./read-files.ts";
import type { Stand } from "./stand.ts";
import { within } from "./until.ts";

export const INBOX_AGENTS: Readonly<Record<string, object>> = {
  "Reader-1": { transport: "inbox" },
  "Reader-2": { transport: "inbox" },
  "Reader-3": { transport: "inbox" },
  "Reader-4": { transport: "inbox" },
};

export const INBOX: Promised = {
  part: "inbox",
  name: "inbox_killed_worker",
  text: "Nothing accepted is lost or comes twice, also when the worker dies",
};

const SENDERS = 24;
/** Arrivals after which the worker is killed: in the middle of the others. */
const KILL_AFTER = [3, 9, 15] as const;
const KILL_WAIT_MS = 15_000;
/** Between short ones one that fills many pages of memory. */
const LONG_CHARACTERS = 200_000;

export async function tryInbox(stand: Stand, done: (check: Check) => void): Promise<void> {
  const names = Object.keys(INBOX_AGENTS);
  const progress = { isOver: false };
  const sending = Promise.all(
    Array.from({ length: SENDERS }, (_, i) => {
      const mark = stand.mark();
      return stand.send({ recipient: names[i % names.length] ?? "", mark, body: bodyOf(i, mark) });
    }),
  ).finally(() => {
    progress.isOver = true;
  });
  const kills = killInTheMiddle(stand, progress);
  const [sent, killed] = await Promise.all([sending, kills]);
  done(
    concluded({
      promised: INBOX,
      tried: `${SENDERS} processes send at once, the worker killed (SIGKILL) ${killed} times in the middle`,
      sent,
      received: receivedBy(stand),
      recipient: "files in 4 inboxes",
      missed: killed > 0 ? "" : "no kill fell among the arrivals",
    }),
  );
}

/** How often it was. */
async function killInTheMiddle(stand: Stand, progress: { readonly isOver: boolean }): Promise<number> {
  const killed = new Set<number>();
  for (const least of KILL_AFTER) {
    const worker = await within(KILL_WAIT_MS, stand.signal, () => {
      if (progress.isOver) return "over";
      if (inboxFiles(stand).length < least) return null;
      const found = stand.worker();
      return found !== null && !killed.has(found.pid) && found;
    });
    if (worker === null || worker === "over") break;
    kill(worker.pid, "SIGKILL");
    killed.add(worker.pid);
  }
  return killed.size;
}

function inboxFiles({ folder }: Stand): readonly string[] {
  return Object.keys(INBOX_AGENTS).flatMap((name) => {
    const inbox = join(folder, "agent_workspaces", name, "inbox");
    return listed(inbox)
      .filter((file) => file.endsWith(".md"))
      .map((file) => join(name, file));
  });
}

/** As an agent reads them: what stands behind the line of the header. */
function receivedBy(stand: Stand): readonly Received[] {
  return inboxFiles(stand).map((file) => {
    const text = contentOf(join(stand.folder, "agent_workspaces", file.replace("/", "/inbox/")));
    const [recipient = ""] = file.split("/");
    return { recipient, text: text.slice(text.indexOf("\n---\n\n") + "\n---\n\n".length) };
  });
}

function bodyOf(i: number, mark: string): string {
  const bodies = [
    `message ${mark}`,
    `two lines, and no end of line\n\n\t${mark} “quotes” 'quotes' \`ticks\` $HOME \\n ; & | # !`,
    `Zoë 東京 👩🏽‍💻 e\u0301 ${mark}\n---\n\n**Message ID**: not the header\n`,
    `${mark} ${"long ".repeat(LONG_CHARACTERS / 5)}`,
  ];
  return bodies[(i >> 2) % bodies.length] ?? mark;
}
