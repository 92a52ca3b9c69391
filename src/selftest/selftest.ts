/**
 * Proves the promises on the user's own machine: a workspace in a temporary folder, real `swarm send` processes, agents of
 * its own with the faults of real ones. Touches nothing of the user's, and leaves nothing behind.
 */
import { type Check, type Deliveries, notTried, type Promised, sum } from "./check.ts";
import { INBOX, INBOX_AGENTS, tryInbox } from "./inbox.ts";
import { configure, makeStand, type Stand } from "./stand.ts";
import { TERMINAL_PROMISES, terminalAgents, tryTerminal } from "./terminal.ts";
import { NotReady } from "./until.ts";
import { tryWindow, WINDOW_PROMISES } from "./window.ts";
import { WINDOW_AGENTS } from "./window-scene.ts";

export interface SelftestOptions {
  /** The built command, and the built programs of the selftest. */
  readonly swarmPath: string;
  readonly agentPath: string;
  readonly janitorPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly hasWindow: boolean;
  /** Aborted: end now, with everything put back. */
  readonly signal: AbortSignal;
  readonly announce: (text: string) => void;
  readonly onCheck: (check: Check) => void;
}

type Done = (check: Check) => void;

export interface SelftestReport {
  readonly checks: readonly Check[];
  readonly deliveries: Deliveries;
  readonly tookMs: number;
}

/** How many lines the table will have. */
export const CHECKS = 1 + TERMINAL_PROMISES.length + WINDOW_PROMISES.length;

/** Rejects with the signal's reason when it is aborted, and with the system's error where nothing can be written. */
export async function runSelftest(options: SelftestOptions): Promise<SelftestReport> {
  const startedAt = performance.now();
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const checks: Check[] = [];
  const done = (check: Check) => {
    checks.push(check);
    options.onCheck(check);
  };
  // Side by side, for most of it is waiting; each in a workspace and with a worker of its own.
  const windows = opening();
  const lines = [
    windowLine({ ...options, signal }, done, windows.isOver),
    windows.over.then(() => textLine({ ...options, signal }, done)),
  ];
  for (const line of lines) line.catch((cause: unknown) => failed.abort(cause));
  await Promise.allSettled(lines);
  await Promise.all(lines);
  const deliveries = sum(checks.map((check) => check.deliveries));
  return { checks: inOrder(checks), deliveries, tookMs: performance.now() - startedAt };
}

/** A browser takes seconds to start, and three times as long beside many other processes. */
function opening(): { readonly over: Promise<void>; readonly isOver: () => void } {
  let isOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  return { over, isOver };
}

async function textLine(options: SelftestOptions, done: Done): Promise<void> {
  await inStand(options, async (stand) => {
    configure(stand, { ...INBOX_AGENTS, ...terminalAgents(stand.folder) });
    await part([INBOX], done, (tell) => tryInbox(stand, tell));
    await part(TERMINAL_PROMISES, done, (tell) => tryTerminal(stand, options.agentPath, tell));
  });
}

/** `onOpen`: told when the windows are open, or will not come. */
async function windowLine(options: SelftestOptions, done: Done, onOpen: () => void): Promise<void> {
  const { hasWindow, announce } = options;
  try {
    await inStand(options, async (stand) => {
      configure(stand, WINDOW_AGENTS);
      await part(WINDOW_PROMISES, done, (tell) =>
        tryWindow(stand, { isWanted: hasWindow, announce, onOpen, done: tell }),
      );
    });
  } finally {
    onOpen();
  }
}

async function inStand(options: SelftestOptions, attempt: (stand: Stand) => Promise<void>): Promise<void> {
  const stand = makeStand(options);
  try {
    await attempt(stand);
  } finally {
    await stand.endWorker();
    stand.remove();
  }
}

/** What a part could not bring up of its own is told on each line that it has not come to; the other parts go on. */
async function part(
  promises: readonly Promised[],
  done: Done,
  attempt: (tell: Done) => Promise<void>,
): Promise<void> {
  const told = new Set<Promised>();
  const tell = (check: Check) => {
    told.add(check.promised);
    done(check);
  };
  try {
    await attempt(tell);
  } catch (cause) {
    if (!(cause instanceof NotReady)) throw cause;
    for (const each of promises)
      if (!told.has(each)) done(notTried(each, cause.message, "try again when the machine is less busy"));
  }
}

/** As the parts list them, not as they ended. */
function inOrder(checks: readonly Check[]): readonly Check[] {
  const order = [INBOX, ...TERMINAL_PROMISES, ...WINDOW_PROMISES];
  return checks.toSorted((a, b) => order.indexOf(a.promised) - order.indexOf(b.promised));
}
