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
  /** Calls off what was to be handed over soon, and waits for what is under way. */
  pause(): Promise<void>;
}

/** A keeper is a process to start: not between two messages that follow each other. */
const HAND_OVER_AFTER_MS = 200;
const HAND_OVER_TIMEOUT_MS = 3_000;
/** It holds one text: without these node would take more memory, and threads. */
const SMALL = ["--max-old-space-size=32", "--v8-pool-size=0"];

export function clipboardKeeper(desk: X11Desk): ClipboardKeeper {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<boolean> = Promise.resolve(false);
  let handingOver = 0;
  const handOver: ClipboardKeeper["handOver"] = (text) => {
    handingOver += 1;
    underWay = giveToKeeper(desk, text)
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
      await underWay;
    },
  };
}

async function giveToKeeper(desk: X11Desk, text: string): Promise<boolean> {
  const { clipboard, x } = desk;
  await x.sync();
  if (clipboard.isOwner) await startKeeper(desk.displayName, text, clipboard.since);
  // Whose it is by now is known when all events up to here were seen.
  await x.sync();
  if (clipboard.isOwner) return false;
  desk.served = null;
  return true;
}

/** Resolves when it has taken the clipboard or was refused it, when it has ended, or after a while. */
function startKeeper(display: string, text: string, since: number): Promise<void> {
  return new Promise((resolve) => {
    const { XAUTHORITY, HOME } = process.env;
    const keeper = spawn(process.execPath, [...SMALL, keeperPath(), display, `${since}`], {
      cwd: "/",
      env: { XAUTHORITY, HOME },
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const end = () => {
      clearTimeout(timer);
      keeper.stdout.destroy();
      keeper.unref();
      resolve();
    };
    const timer = setTimeout(() => {
      keeper.kill("SIGKILL");
      end();
    }, HAND_OVER_TIMEOUT_MS);
    keeper.once("error", end);
    keeper.once("exit", end);
    keeper.stdout.once("data", end);
    // One that ends without reading tells so by its end.
    keeper.stdin.on("error", () => undefined);
    keeper.stdin.end(text);
  });
}

/** Beside the built driver, or in `dist/` when the sources run themselves (tests). */
function keeperPath(): string {
  const beside = join(__dirname, "keeper.cjs");
  return existsSync(beside) ? beside : join(__dirname, "..", "..", "..", "dist", "keeper.cjs");
}
