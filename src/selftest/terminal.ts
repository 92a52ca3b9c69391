/** Part "terminal": fake agents with the faults of real ones, in panes of a tmux server of the selftest's own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Check, notTried, type Promised, promisesOf, tooLate } from "./check.ts";
import { concluded, type Evidence } from "./concluded.ts";
import type { Received, Sent } from "./judge.ts";
import { kill } from "./own-processes.ts";
import type { Stand } from "./stand.ts";
import { type FakeAgent, socketIn, startTmux, type TmuxServer, whyNoTmux } from "./tmux-server.ts";
import { within } from "./until.ts";

const promise = promisesOf("terminal");

const PLAIN = promise("terminal_plain", "A message is in front of its agent once, as it was sent");
const LINES = promise("terminal_lines", "Many lines are one submission; no text can end its own paste");
const SWALLOWED = promise(
  "terminal_swallowed_enter",
  "An Enter that is swallowed is noticed and pressed again",
);
const DIALOG = promise("terminal_dialog", "No key goes to a dialog; delivered once it is answered");
const DRAFT = promise("terminal_draft", "A half-typed draft is put back as it was");
const SHELL = promise("terminal_shell", "A message is never executed by a shell");
const KILLED = promise(
  "terminal_killed_worker",
  "A worker that dies before Enter loses nothing, doubles nothing",
);

export const TERMINAL_PROMISES = [PLAIN, LINES, SWALLOWED, DIALOG, DRAFT, SHELL, KILLED];

const PANES = ["Plain", "Lines", "Swallows", "Asks", "Drafts", "Shell", "Killed"] as const;
type Pane = (typeof PANES)[number];

const SHELL_IN_PANE = "shell_in_pane";

export function terminalAgents(folder: string): Readonly<Record<string, object>> {
  const socket = socketIn(folder);
  return Object.fromEntries(
    PANES.map((name) => [name, { transport: "tmux", profile: "claude", pane: `${name}:0.0`, socket }]),
  );
}

/** `done`: told of each check that has ended. */
export async function tryTerminal(
  stand: Stand,
  agentPath: string,
  done: (check: Check) => void,
): Promise<void> {
  const missing = whyNoTmux(stand);
  if (missing !== null) {
    for (const each of TERMINAL_PROMISES) done(notTried(each, ...missing));
    return;
  }
  const server = startTmux(stand, agentPath);
  const scene = { stand, server };
  try {
    // Side by side, as the panes of agents are served.
    await Promise.all(
      [plain, lines, swallowed, dialog, draft, shell].map(async (attempt) => done(await attempt(scene))),
    );
    done(stand.isTimeLeft() ? await killed(scene) : tooLate(KILLED));
  } finally {
    server.stop();
  }
}

interface Scene {
  readonly stand: Stand;
  readonly server: TmuxServer;
}

async function plain({ stand, server }: Scene): Promise<Check> {
  const agent = await server.agent("Plain");
  const bodies = [
    (mark: string) => `hello ${mark}`,
    (mark: string) => `!echo ${mark}; 'quotes' "quotes" $HOME \\n #`,
    (mark: string) => `/Zoë 東京 👩🏽‍💻 e\u0301 ${mark}`,
    (mark: string) => `${mark} ${"many words ".repeat(50)}`,
    (mark: string) => `Enter C-c ${mark};`,
  ];
  const sent: Sent[] = [];
  for (const body of bodies) {
    const mark = stand.mark();
    sent.push(await stand.send({ recipient: "Plain", mark, body: body(mark) }));
  }
  const tried = "one after the other: quotes, emoji, key names, leading ! and /";
  return conclude(PLAIN, tried, sent, { Plain: agent });
}

async function lines({ stand, server }: Scene): Promise<Check> {
  const agent = await server.agent("Lines");
  const sent: Sent[] = [];
  for (const count of [3, 8, 40]) {
    const mark = stand.mark();
    const rows = [mark, ...Array.from({ length: count }, (_, i) => `line ${i + 1}`)];
    // The end of a paste and an Enter in the middle: an agent would take the rest for keys.
    const body = rows.map((row) => `${row}\u001b[201~\r`).join("");
    sent.push(await stand.send({ recipient: "Lines", mark, body, arrives: `${rows.join("\n")}\n` }));
  }
  return conclude(LINES, "4, 9 and 41 lines, each with ESC[201~ and a carriage return", sent, {
    Lines: agent,
  });
}

async function swallowed({ stand, server }: Scene): Promise<Check> {
  const agent = await server.agent("Swallows", "swallow-enter");
  const sent = await several(stand, "Swallows", 3);
  return conclude(SWALLOWED, "an agent that ignores the first Enter of each message", sent, {
    Swallows: agent,
  });
}

/** The message waits while the dialog is there, and is delivered by itself after the answer. */
async function dialog({ stand, server }: Scene): Promise<Check> {
  const agent = await server.agent("Asks", "dialog-first");
  const mark = stand.mark();
  const message = { recipient: "Asks", mark, body: `for an agent that asks ${mark}`, timeoutMs: DIALOG_MS };
  const first = await stand.send(message);
  // A machine that is busy has not come to it by then.
  const refused =
    first.exitCode !== EXIT_WAITS
      ? first
      : ((await within(DELIVERED_MS, stand.signal, async () => {
          const now = await stand.follow(message, first);
          return now.error?.code === DIALOG_IN_FRONT && now;
        })) ?? first);
  const [before, keys] = [agent.submitted().length, agent.intoDialogs()];
  agent.signalDialog();
  await within(DELIVERED_MS, stand.signal, () => agent.submitted().length > 0);
  const sent =
    (await within(DELIVERED_MS, stand.signal, async () => {
      const now = await stand.follow(message, refused);
      return now.status === "delivered" && now;
    })) ?? refused;
  const wrongs = [
    ...(refused.error?.code === DIALOG_IN_FRONT
      ? []
      : [`swarm said ${refused.status} instead of ${DIALOG_IN_FRONT} (exit ${first.exitCode})`]),
    ...(before === 0 ? [] : ["something was submitted while the dialog was in front"]),
    ...(keys === 0 ? [] : [`${keys} keys and pastes fell into the dialog`]),
  ];
  const tried = "a dialog in front (exit 5 meanwhile), then answered as a person would";
  return conclude(DIALOG, tried, [sent], { Asks: agent }, { wrongs, besides: `${keys} keys in the dialog` });
}

const DIALOG_MS = 3_000;
const DIALOG_IN_FRONT = "dialog_in_front";
/** Of `swarm send`: still queued. */
const EXIT_WAITS = 4;
const DELIVERED_MS = 15_000;

async function draft({ stand, server }: Scene): Promise<Check> {
  const agent = await server.agent("Drafts");
  const text = "a draft of a person, not finished";
  server.keys("Drafts", "-l", text);
  const sent = await several(stand, "Drafts", 2);
  // Whoever typed it goes on, and submits it.
  server.keys("Drafts", "Enter");
  await within(DELIVERED_MS, stand.signal, () => agent.submitted().length > sent.length);
  const drafts = agent.submitted().filter((each) => each === text).length;
  const others = { Drafts: { ...agent, submitted: () => agent.submitted().filter((each) => each !== text) } };
  const wrongs = drafts === 1 ? [] : [`the draft was not there as it had been (${drafts} times)`];
  const besides = drafts === 1 ? "the draft, character for character" : "not the draft";
  return conclude(
    DRAFT,
    "messages while a person's draft stands there, which is then submitted",
    sent,
    others,
    {
      wrongs,
      besides,
    },
  );
}

async function shell({ stand, server }: Scene): Promise<Check> {
  await server.shell("Shell");
  const sent: Sent[] = [];
  const executed: Received[] = [];
  for (let i = 0; i < 2; i++) {
    const mark = stand.mark();
    const file = join(stand.folder, `executed-${mark}`);
    const message = { recipient: "Shell", mark, body: `touch '${file}'`, isRaw: true };
    sent.push(await stand.send(message));
    if (existsSync(file)) executed.push({ recipient: "a shell, which executed it", text: message.body });
    if (server.screen("Shell").includes(mark)) executed.push({ recipient: "a shell", text: mark });
  }
  return concluded({
    promised: SHELL,
    tried: "the agent has ended, and a shell has its pane (--raw touch FILE)",
    ...{ sent, received: executed, recipient: "the shell", expected: { code: SHELL_IN_PANE } },
    besides: executed.length === 0 ? "no file, an untouched prompt" : "a command",
  });
}

/** Killed when `typed` is on disk: Enter is pressed 150 ms later at first. */
async function killed({ stand, server }: Scene): Promise<Check> {
  const agent = await server.agent("Killed");
  const sent: Sent[] = [];
  let kills = 0;
  for (const _ of stand.rounds(3)) {
    const mark = stand.mark();
    const before = agent.submitted().length;
    const sending = stand.send({ recipient: "Killed", mark, body: `a worker dies over ${mark}` });
    // Awaited below; an interruption meanwhile ends it, too.
    sending.catch(() => undefined);
    const worker = await within(DELIVERED_MS, stand.signal, () => {
      const typed = stand.underWay().find(({ step }) => step === "typed");
      return agent.submitted().length > before ? 0 : (typed?.pid ?? null);
    });
    if (worker) kill(worker, "SIGKILL");
    if (worker && agent.submitted().length === before) kills += 1;
    sent.push(await sending);
  }
  const tried = `the worker killed (SIGKILL) between the text and Enter: ${kills} of ${sent.length}`;
  const missed = kills > 0 ? "" : "no kill fell between the text and Enter";
  return conclude(KILLED, tried, sent, { Killed: agent }, { missed });
}

async function several(stand: Stand, recipient: string, count: number): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (const _ of stand.rounds(count)) {
    const mark = stand.mark();
    sent.push(await stand.send({ recipient, mark, body: `message ${mark}\nwith a second line` }));
  }
  return sent;
}

function conclude(
  promised: Promised,
  tried: string,
  sent: readonly Sent[],
  agents: Partial<Record<Pane, Pick<FakeAgent, "submitted">>>,
  more: Pick<Evidence, "wrongs" | "besides" | "missed"> = {},
): Check {
  const received = Object.entries(agents).flatMap(([recipient, agent]) =>
    agent.submitted().map((text) => ({ recipient, text })),
  );
  return concluded({ promised, tried, sent, received, recipient: "the agent", ...more });
}
