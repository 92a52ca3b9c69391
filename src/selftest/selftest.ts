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
  /** The built command and the built fake agent. */
  readonly swarmPath: string;
  readonly agentPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly hasWindow: boolean;
  /** Aborted: end now, with everything put back. */
  readonly signal: AbortSignal;
  readonly announce: (text: string) => void;
  readonly onCheck: (check: Check) => void;
  readonly onPart: (what: string) => void;
}

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
  const stand = makeStand(options);
  // However the process ends.
  process.once("exit", stand.remove);
  const checks: Check[] = [];
  const done = (check: Check) => {
    checks.push(check);
    options.onCheck(check);
  };
  try {
    configure(stand, { ...INBOX_AGENTS, ...terminalAgents(stand.folder), ...WINDOW_AGENTS });
    await part(options, "inbox", [INBOX], checks, done, () => inbox(stand, done));
    await part(options, "terminal", TERMINAL_PROMISES, checks, done, () =>
      tryTerminal(stand, options.agentPath, done),
    );
    await part(options, "window", WINDOW_PROMISES, checks, done, () =>
      tryWindow(stand, { isWanted: options.hasWindow, announce: options.announce, done }),
    );
  } finally {
    options.onPart("putting everything back");
    await stand.endWorker();
    stand.remove();
    process.off("exit", stand.remove);
  }
  const deliveries = sum(checks.map((check) => check.deliveries));
  return { checks: inOrder(checks), deliveries, tookMs: performance.now() - startedAt };
}

async function inbox(stand: Stand, done: (check: Check) => void): Promise<void> {
  for (const check of await tryInbox(stand)) done(check);
}

/** What a part could not bring up of its own is told on each of its lines; the other parts go on. */
async function part(
  { onPart }: SelftestOptions,
  name: string,
  promises: readonly Promised[],
  checks: readonly Check[],
  done: (check: Check) => void,
  attempt: () => Promise<void>,
): Promise<void> {
  onPart(name);
  try {
    await attempt();
  } catch (cause) {
    if (!(cause instanceof NotReady)) throw cause;
    for (const each of promises)
      if (!checks.some(({ promised }) => promised === each))
        done(notTried(each, cause.message, "try again when the machine is less busy"));
  }
}

/** As the parts list them, not as they ended. */
function inOrder(checks: readonly Check[]): readonly Check[] {
  const order = [INBOX, ...TERMINAL_PROMISES, ...WINDOW_PROMISES];
  return checks.toSorted((a, b) => order.indexOf(a.promised) - order.indexOf(b.promised));
}
