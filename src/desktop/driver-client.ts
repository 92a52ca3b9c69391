/** The parent's side of the driver: the `Desktop` port, over a child process that is started when it is needed. */
import { type ChildProcess, fork } from "node:child_process";
import { type Desktop, DesktopGone, type Guarded, type Hands, type Refusal } from "../ports/desktop.ts";
import { desktopsKept } from "./guest-file.ts";
import { type DriverCall, replyIn } from "./protocol.ts";
import { handsOff } from "./refusals.ts";
import { userRuntimeFolder } from "./runtime-folder.ts";

export interface DriverOptions {
  /** The built driver (`dist/driver.cjs`). */
  readonly driverPath: string;
  /** Told what the driver wrote to standard error, for the worker's log. */
  readonly onOutput: (text: string) => void;
  /**
   * The driver has no part in the terminal: where that is closed, the system stops and continues all that has, and the
   * driver would count as one that stood still, and leave what it typed. Default: false.
   */
  readonly isApart?: boolean;
}

/** Beyond the time that a call is given itself. A driver that does not answer by then is killed: it must not type later. */
const ANSWER_GRACE_MS = 5_000;
const PLAIN_CALL_MS = 5_000;
/** Several large screens on a busy machine. */
const IMAGE_MS = 30_000;
/** One that is to end gives the person's clipboard text away first, twice at most (see `keeper.ts`); in milliseconds. */
const LEAVE_MS = 15_000;
/** Node fires at once what is to wait longer. */
const LONGEST_CALL_MS = 2 ** 31 - 1;
/** What a killed process left is put back for this purpose, as `status` shows it; in milliseconds. */
const LEFT_BEHIND = "putting back what a stopped worker had found";
const LEFT_BEHIND_MS = 10_000;
/** With these it can be put back later; not where the display is gone. */
const PASSING: ReadonlySet<string> = new Set(["screen_locked", "lock_timeout", "desktop_crashed"]);

type Pending = { readonly settle: (result: unknown) => void; readonly fail: (cause: Error) => void };
/** A call without its id; distributes over the union. */
type Unnumbered<T> = T extends DriverCall ? Omit<T, "id"> : never;

export function driverDesktop(options: DriverOptions): Desktop {
  let driver: Driver | null = null;
  let isPuttingBack = false;
  const running = (): Driver => {
    driver ??= startDriver(options, (isAsked) => {
      driver = null;
      if (!isAsked) void putBackOnce();
    });
    return driver;
  };
  /** What a driver had found that has ended by itself; not again where the next one ends over it. */
  const putBackOnce = async (): Promise<void> => {
    if (isPuttingBack) return;
    isPuttingBack = true;
    await desktop.putBackLeftBehind(new AbortController().signal).catch(() => undefined);
    isPuttingBack = false;
  };
  const desktop: Desktop = {
    async acquire(display, purpose, deadlineMs, signal) {
      const at = running();
      const call = at.call(
        { method: "acquire", display, purpose, deadlineMs },
        deadlineMs + ANSWER_GRACE_MS * 2,
      );
      const abort = () => void at.call({ method: "cancel", wait: call.id }, PLAIN_CALL_MS).result;
      signal.addEventListener("abort", abort, { once: true });
      try {
        const result = (await call.result) as Guarded<{ hands: number; waitedMs: number }>;
        return result.ok ? { ...result, hands: remoteHands(at, result.hands) } : result;
      } finally {
        signal.removeEventListener("abort", abort);
      }
    },
    async putBackLeftBehind(signal) {
      let isAllBack = true;
      for (const display of desktopsKept(userRuntimeFolder())) {
        const acquired = await desktop.acquire(display, LEFT_BEHIND, LEFT_BEHIND_MS, signal);
        if (acquired.ok) await acquired.hands.release();
        else isAllBack &&= !PASSING.has(acquired.error.code);
      }
      return isAllBack;
    },
    async close() {
      await driver?.end();
    },
  };
  return desktop;
}

interface Driver {
  call(
    call: Unnumbered<DriverCall>,
    timeoutMs: number,
  ): { readonly id: number; readonly result: Promise<unknown> };
  end(): Promise<void>;
}

/** `onEnd`: whether it was asked to end. */
function startDriver(options: DriverOptions, onEnd: (isAsked: boolean) => void): Driver {
  const child = fork(options.driverPath, [], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    detached: options.isApart ?? false,
  });
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let isAsked = false;
  let hasEnded = false;
  child.stderr?.on("data", (data: Buffer) => options.onOutput(data.toString("utf8")));
  child.on("message", (said: unknown) => {
    const reply = replyIn(said);
    if (reply === null) return;
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if ("error" in reply) waiting?.fail(new Error(`bug in the driver: ${reply.error}`));
    else waiting?.settle(reply.result);
  });
  const over = (why: string) => {
    if (hasEnded) return;
    hasEnded = true;
    onEnd(isAsked);
    for (const { settle } of pending.values()) settle(driverDied(why));
    pending.clear();
  };
  child.on("error", (cause) => over(cause.message));
  child.on("exit", (code, signal) => over(signal ? `ended by ${signal}` : `ended with code ${code}`));

  return {
    call(call, timeoutMs) {
      const id = nextId++;
      if (hasEnded) return { id, result: Promise.resolve(driverDied("it had ended before")) };
      const result = new Promise<unknown>((settle, fail) => {
        const timer = setTimeout(() => kill(child), Math.min(timeoutMs, LONGEST_CALL_MS));
        const done =
          <T>(finish: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            finish(value);
          };
        pending.set(id, { settle: done(settle), fail: done(fail) });
        child.send({ ...call, id }, (cause) => {
          if (cause) over(cause.message);
        });
      });
      return { id, result };
    },
    end() {
      isAsked = true;
      return new Promise((resolve) => {
        if (hasEnded) return resolve();
        const timer = setTimeout(() => kill(child), LEAVE_MS);
        child.once("exit", () => {
          clearTimeout(timer);
          resolve();
        });
        if (child.connected) child.disconnect();
      });
    },
  };
}

function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}

function driverDied(why: string): Refusal {
  return handsOff(
    "desktop_crashed",
    `the process that types ended in the middle (${why})`,
    "the message is tried again by itself; if this repeats, run: swarm doctor",
  );
}

function remoteHands(driver: Driver, hands: number): Hands {
  const call = <T>(name: keyof Hands, args: readonly unknown[], timeoutMs: number): Promise<T> =>
    driver.call({ method: "hands", hands, name, args }, timeoutMs + ANSWER_GRACE_MS).result as Promise<T>;
  const plain = async <T>(
    name: keyof Hands,
    args: readonly unknown[] = [],
    timeoutMs = PLAIN_CALL_MS,
  ): Promise<T> => {
    const result = await call<T | Refusal>(name, args, timeoutMs);
    if (isRefusal(result)) throw new DesktopGone(result);
    return result;
  };
  // JSON knows no infinity: null stands for it.
  const idleMs = async (name: keyof Hands, ...args: readonly unknown[]) =>
    (await plain<number | null>(name, args)) ?? Number.POSITIVE_INFINITY;
  return {
    humanIdleMs: () => idleMs("humanIdleMs"),
    untouchedMs: () => idleMs("untouchedMs"),
    submitIdleMs: (windowId) => idleMs("submitIdleMs", windowId),
    editIdleMs: (windowId) => idleMs("editIdleMs", windowId),
    windows: () => plain("windows"),
    layout: () => plain("layout"),
    image: () => plain("image", [], IMAGE_MS),
    pointer: () => plain("pointer"),
    windowsAt: (points) => plain("windowsAt", [points]),
    remember: () => plain("remember"),
    aim: (window, title, input, deadlineMs) =>
      call("aim", [window, title, input, deadlineMs], deadlineMs + PLAIN_CALL_MS),
    click: () => call("click", [], PLAIN_CALL_MS),
    press: (chords) => call("press", [chords], PLAIN_CALL_MS),
    look: (keys, patienceMs) => call("look", [keys, patienceMs], patienceMs * 2 + PLAIN_CALL_MS),
    pasteAndLook: (content, keys, patienceMs) =>
      call("pasteAndLook", [content, keys, patienceMs], patienceMs * 2 + PLAIN_CALL_MS),
    restore: (state) => call("restore", [state], PLAIN_CALL_MS),
    lateAnswers: () => plain("lateAnswers"),
    copiedByOthers: () => plain("copiedByOthers"),
    release: () => call("release", [], PLAIN_CALL_MS),
  };
}

function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === "object" && value !== null && "ok" in value && value.ok === false && "error" in value
  );
}
