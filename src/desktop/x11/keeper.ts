/** Gives the person's clipboard text to a process that serves it after this one has ended (see `keep-clipboard.ts`). */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { X11Desk } from "./hands.ts";

export interface ClipboardKeeper {
  /**
   * Starts a keeper. True when it has the text, or somebody has copied something newer; else this process serves it on.
   */
  handOver(text: string): Promise<boolean>;
  /** The same when nothing has happened for a while; `onKept` is told when it is in other hands. */
  handOverSoon(text: string, onKept: () => void): void;
  /** It is about to take the clipboard. */
  isHandingOver(): boolean;
  /** Calls off what was to be handed over soon, or is only about to be, and waits for what can't be called off any more. */
  pause(): Promise<void>;
}

/** A keeper is a process to start: not between two messages that follow each other. */
const HAND_OVER_AFTER_MS = 200;
/** On a machine that is busy for seconds, too. */
const HAND_OVER_TIMEOUT_MS = 6_000;
/** It holds one text: without these node would take more memory, and threads. */
const SMALL = ["--max-old-space-size=32", "--v8-pool-size=0"];

export function clipboardKeeper(desk: X11Desk): ClipboardKeeper {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<boolean> = Promise.resolve(false);
  let callOff = new AbortController();
  let handingOver = 0;
  const handOver: ClipboardKeeper["handOver"] = (text) => {
    handingOver += 1;
    callOff = new AbortController();
    underWay = giveToKeeper(desk, text, callOff.signal)
      .catch(() => false)
      .finally(() => {
        handingOver -= 1;
      });
    return underWay;
  };
  return {
    handOver,
    isHandingOver: () => handingOver > 0,
    handOverSoon(text, onKept) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void handOver(text).then((isKept) => isKept && onKept());
      }, HAND_OVER_AFTER_MS);
    },
    async pause() {
      clearTimeout(timer);
      callOff.abort();
      await underWay;
    },
  };
}

async function giveToKeeper(desk: X11Desk, text: string, callOff: AbortSignal): Promise<boolean> {
  const { clipboard, x } = desk;
  await x.sync();
  if (clipboard.isOwner) await startKeeper(desk.displayName, text, clipboard.since, callOff);
  // Whose it is by now is known when all events up to here were seen.
  await x.sync();
  if (clipboard.isOwner) return false;
  desk.served = null;
  return true;
}

/**
 * Resolves when it has taken the clipboard or was refused it, when it has ended, or after a while. Called off while it is
 * starting, which is nearly all of the time that it takes, it never has the text.
 */
export function startKeeper(
  display: string,
  text: string,
  since: number,
  callOff: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const { XAUTHORITY, HOME } = process.env;
    const args = [display, since, Buffer.byteLength(text)].map(String);
    const keeper = spawn(process.execPath, [...SMALL, keeperPath(), ...args], {
      cwd: "/",
      env: { XAUTHORITY, HOME },
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    let isReady = false;
    const end = () => {
      clearTimeout(timer);
      callOff.removeEventListener("abort", giveUp);
      keeper.stdout.destroy();
      keeper.unref();
      resolve();
    };
    const stop = () => {
      keeper.kill("SIGKILL");
      end();
    };
    // With the text it may have the clipboard: then nobody else has it.
    const giveUp = () => isReady || stop();
    const timer = setTimeout(() => (isReady ? end() : stop()), HAND_OVER_TIMEOUT_MS);
    callOff.addEventListener("abort", giveUp);
    keeper.once("error", end);
    keeper.once("exit", end);
    keeper.stdout.on("data", () => {
      if (isReady) return end();
      isReady = true;
      keeper.stdin.end(text);
    });
    // One that ends without reading tells so by its end.
    keeper.stdin.on("error", () => undefined);
    if (callOff.aborted) stop();
  });
}

/** Beside the built driver, or in `dist/` when the sources run themselves (tests). */
function keeperPath(): string {
  const beside = join(__dirname, "keeper.cjs");
  return existsSync(beside) ? beside : join(__dirname, "..", "..", "..", "dist", "keeper.cjs");
}
