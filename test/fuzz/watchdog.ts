/** Ends this process when it hangs within one input: a loop that never comes back lets no timer run, but threads go on. */
import { Worker } from "node:worker_threads";

/** No input takes a second; a slow machine that does other things may. In milliseconds. */
const PATIENCE_MS = 60_000;

const THREAD = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const { cell, name, patienceMs } = workerData;
let seen = -1, since = Date.now();
setInterval(() => {
  const count = Atomics.load(cell, 0);
  if (count !== seen) { seen = count; since = Date.now(); return; }
  if (Date.now() - since < patienceMs) return;
  writeSync(2, "\\nhangs: " + name + ", at its input number " + count + "\\n");
  process.kill(process.pid, "SIGKILL");
}, 500);
`;

export interface Watchdog {
  /** The next input begins. */
  beat(): void;
  end(): Promise<unknown>;
}

/** `name` is told when it hangs, and should say how to come there again. */
export function watchdog(name: string, patienceMs = PATIENCE_MS): Watchdog {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(THREAD, { eval: true, workerData: { cell, name, patienceMs } });
  thread.unref();
  return { beat: () => void Atomics.add(cell, 0, 1), end: () => thread.terminate() };
}
