/** Single keys from the terminal while something goes on, and everything that means "stop": Ctrl+C, signals, a closed terminal. */
export type Key = "enter" | "skip" | "stop";

export interface Keys {
  /** True once somebody wants it to end. */
  readonly isStopped: boolean;
  /** The terminal is closed: nobody reads any more. */
  readonly isHungUp: boolean;
  /** The next key that is pressed from now on, or null when the time is over; in milliseconds. Asks no two at once. */
  next(withinMs: number): Promise<Key | null>;
  /** Told at once, also while nobody waits for a key. */
  onStop(listener: () => void): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** As terminals send them. */
const BY_CHARACTER: Readonly<Record<string, Key>> = {
  "\r": "enter",
  "\n": "enter",
  s: "skip",
  S: "skip",
  "\u0003": "stop",
  "\u0004": "stop",
};

export function openKeys(stdin: NodeJS.ReadStream): Keys {
  let isStopped = false;
  let isHungUp = false;
  let waiting: ((key: Key) => void) | null = null;
  const listeners: (() => void)[] = [];
  const press = (key: Key) => {
    if (key === "stop" && !isStopped) {
      isStopped = true;
      for (const listener of listeners) listener();
    }
    waiting?.(key);
  };
  const onData = (data: Buffer) => {
    for (const character of data.toString("latin1")) {
      const key = BY_CHARACTER[character];
      if (key) press(key);
    }
  };
  const stop = () => press("stop");
  const hangUp = () => {
    isHungUp = true;
    stop();
  };
  // Without it a terminal hands over whole lines, and shows what is typed.
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on("data", onData).on("end", hangUp).on("error", hangUp).resume();
  for (const signal of SIGNALS) process.on(signal, stop);
  process.on("SIGHUP", hangUp);
  return {
    get isStopped() {
      return isStopped;
    },
    get isHungUp() {
      return isHungUp;
    },
    next(withinMs) {
      if (isStopped) return Promise.resolve("stop");
      return new Promise((resolve) => {
        const done = (key: Key | null) => {
          waiting = null;
          clearTimeout(timer);
          resolve(key);
        };
        const timer = setTimeout(() => done(null), withinMs);
        waiting = done;
      });
    },
    onStop: (listener) => void listeners.push(listener),
    close() {
      stdin.off("data", onData).off("end", hangUp).off("error", hangUp).pause();
      if (stdin.isTTY && !isHungUp) stdin.setRawMode(false);
      for (const signal of SIGNALS) process.off(signal, stop);
      process.off("SIGHUP", hangUp);
    },
  };
}

/** Node aborts when it ends in the usual way and its terminal is gone (it can't be put back as it was). */
export function endByHangUp(): void {
  process.kill(process.pid, "SIGHUP");
}
