/**
 * One pair of hands per desktop. Three parts, each for what it does best:
 *
 *   - a lock that the kernel frees when its holder dies: it alone decides who may type
 *   - tickets, one file per process in line, named after the time of arrival: they decide who is next
 *   - proper-lockfile's lock file, which other programs and people can see; losing it ends the holder's right to type
 *
 * A holder that was stopped and continued, or saw the clock jump, has lost its right too: the world went on without it.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock as lockFile } from "proper-lockfile";
import type { Refusal } from "../ports/desktop.ts";
import { type KernelLock, tryLock } from "../support/kernel-lock.ts";
import { ahead, describeHolder, drawTicket, isHolding, lineFolder } from "./desktop-line.ts";
import { watchLine } from "./line-watch.ts";
import { handsOff, refuse } from "./refusals.ts";
import { displayName } from "./runtime-folder.ts";

export interface DesktopLease {
  readonly ok: true;
  readonly waitedMs: number;
  /**
   * Null while this process may type. That it was stopped and continued is known once the event loop has turned: ask
   * after an `await` that lets it.
   */
  refusal(): Refusal | null;
  release(): Promise<void>;
}

export interface LockRequest {
  readonly folder: string;
  readonly display: string;
  /** Shown to others who wait. */
  readonly purpose: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** Looked at again this often, because a folder event may be lost and a process may die silently. */
const LOOK_AGAIN_MS = 100;
/** A first in line that does not take a free lock for so long is passed by. */
const PASS_BY_MS = 1_000;
const BEAT_MS = 250;
/** A heartbeat this late means that the process was stopped. */
const STOPPED_MS = 2_000;
const CLOCK_JUMP_MS = 2_000;
const FILE_STALE_MS = 60_000;

export async function acquireDesktopLock(request: LockRequest): Promise<DesktopLease | Refusal> {
  const line = lineFolder(request.folder, request.display);
  mkdirSync(line, { recursive: true, mode: 0o700 });
  const startedAt = performance.now();
  const ticket = drawTicket(line, request.purpose);
  try {
    const kernelLock = await waitInLine(line, ticket, request);
    if (!kernelLock) {
      rmSync(join(line, ticket), { force: true });
      return refuse(
        "lock_timeout",
        `the desktop ${request.display} was in use by another swarm for ${Math.round(performance.now() - startedAt)} ms (${describeHolder(line) ?? "unknown holder"})`,
        "the message is tried again by itself; see who holds it: swarm status",
      );
    }
    try {
      return await hold(line, ticket, kernelLock, performance.now() - startedAt);
    } catch (cause) {
      kernelLock.release();
      throw cause;
    }
  } catch (cause) {
    rmSync(join(line, ticket), { force: true });
    throw cause;
  }
}

async function waitInLine(line: string, ticket: string, request: LockRequest): Promise<KernelLock | null> {
  const end = performance.now() + request.deadlineMs;
  const takeTurn = turnTaker(line, ticket, `swarm-desktop${displayName(request.display)}`);
  const atOnce = await takeTurn();
  if (atOnce) return atOnce;
  const changes = watchLine(line, request.signal);
  try {
    for (;;) {
      changes.begin(ahead(line, ticket).nearest);
      const kernelLock = await takeTurn();
      if (kernelLock) return kernelLock;
      const left = end - performance.now();
      if (left <= 0 || request.signal?.aborted) return null;
      await changes.next(Math.min(left, LOOK_AGAIN_MS));
    }
  } finally {
    changes.end();
  }
}

/** Tries to take the lock when it is this ticket's turn, or when the one whose turn it is does not take it. */
function turnTaker(line: string, ticket: string, name: string): () => Promise<KernelLock | null> {
  let freeSince: number | null = null;
  return async () => {
    const { first } = ahead(line, ticket);
    if (first === null) return tryLock(name);
    if (freeSince !== null && performance.now() - freeSince > PASS_BY_MS) {
      freeSince = null;
      return tryLock(name);
    }
    freeSince = isHolding(line, first) ? null : (freeSince ?? performance.now());
    return null;
  };
}

async function hold(
  line: string,
  ticket: string,
  kernelLock: KernelLock,
  waitedMs: number,
): Promise<DesktopLease> {
  let lost: string | null = null;
  const visible = join(line, "lock");
  // Whoever left it is dead: we hold what the kernel frees at death.
  rmSync(visible, { recursive: true, force: true });
  writeFileSync(join(line, "holder"), ticket, { mode: 0o600 });
  const unlockFile = await lockFile(line, {
    lockfilePath: visible,
    realpath: false,
    stale: FILE_STALE_MS,
    update: FILE_STALE_MS / 4,
    onCompromised: (cause) => {
      lost ??= `its lock file was taken away (${cause.message})`;
    },
  });
  const watchdog = watchForStops((why) => {
    lost ??= why;
  });
  let isReleased = false;
  return {
    ok: true,
    waitedMs,
    refusal() {
      watchdog.look();
      if (isReleased) lost ??= "it had been released";
      return lost === null
        ? null
        : handsOff(
            "lock_lost",
            `the desktop lock was lost: ${lost}`,
            "nothing more was typed; the message is tried again by itself",
          );
    },
    async release() {
      if (isReleased) return;
      isReleased = true;
      watchdog.end();
      if (lost === null) await unlockFile().catch(() => undefined);
      rmSync(join(line, "holder"), { force: true });
      kernelLock.release();
      rmSync(join(line, ticket), { force: true });
    },
  };
}

function watchForStops(onStop: (why: string) => void) {
  let beatAt = performance.now();
  let wallAhead = Date.now() - beatAt;
  const look = () => {
    const now = performance.now();
    if (now - beatAt > STOPPED_MS) onStop(`this process was stopped for ${Math.round(now - beatAt)} ms`);
    const jump = Date.now() - now - wallAhead;
    if (Math.abs(jump) > CLOCK_JUMP_MS) onStop(`the clock jumped by ${Math.round(jump)} ms`);
  };
  const onContinue = () => onStop("this process was stopped and continued");
  const timer = setInterval(() => {
    look();
    beatAt = performance.now();
    wallAhead = Date.now() - beatAt;
  }, BEAT_MS);
  timer.unref();
  process.on("SIGCONT", onContinue);
  return {
    look,
    end() {
      clearInterval(timer);
      process.off("SIGCONT", onContinue);
    },
  };
}
