/**
 * The disk as a test wants it: every call of `node:fs` that changes something passes by here first, and may be failed,
 * cut short, or be the moment at which the process dies. The calls themselves are real, and so are the files.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const CHANGING = [
  "openSync",
  "writeSync",
  "writeFileSync",
  "fsyncSync",
  "fdatasyncSync",
  "renameSync",
  "mkdirSync",
  "rmSync",
  "rmdirSync",
  "unlinkSync",
  "truncateSync",
  "ftruncateSync",
  "chmodSync",
] as const;
export type DiskOperation = (typeof CHANGING)[number];

export interface DiskCall {
  readonly operation: DiskOperation;
  readonly args: readonly unknown[];
  /** Makes the real call, with other arguments where they are given. */
  proceed(...args: unknown[]): unknown;
}

type Functions = Record<DiskOperation, (...args: unknown[]) => unknown>;

/** Runs `run` (which must be synchronous) with every changing call going through `onCall`. */
export function withDisk<T>(onCall: (call: DiskCall) => unknown, run: () => T): T {
  const restore = interceptDisk(onCall);
  try {
    return run();
  } finally {
    restore();
  }
}

/** Every changing call goes through `onCall`, until the function that this returns is called. */
export function interceptDisk(onCall: (call: DiskCall) => unknown): () => void {
  const functions = fs as unknown as Functions;
  const real = Object.fromEntries(
    CHANGING.map((operation) => [operation, functions[operation]]),
  ) as Functions;
  for (const operation of CHANGING)
    functions[operation] = (...args) => {
      const proceed = (...other: unknown[]) => real[operation](...(other.length > 0 ? other : args));
      return onCall({ operation, args, proceed });
    };
  syncBuiltinESMExports();
  return () => {
    Object.assign(functions, real);
    syncBuiltinESMExports();
  };
}

/** Opening for reading comes by too (folders are synced so), but changes nothing. */
export function isReading({ operation, args: [, flags] }: DiskCall): boolean {
  if (operation !== "openSync") return false;
  const { O_WRONLY, O_RDWR } = fs.constants;
  return typeof flags === "number"
    ? (flags & (O_WRONLY | O_RDWR)) === 0
    : flags === undefined || flags === "r";
}

/** The process is dead: nothing that it does from here on reaches the disk. */
class Death extends Error {}

/**
 * Runs `run` in a process that dies at its changing call number `step` (from 1); a write gets half of its bytes to the
 * disk. True when it died, false when `run` ended before.
 */
export function diesAt(step: number, run: () => unknown): boolean {
  let calls = 0;
  try {
    withDisk((call) => {
      if (isReading(call)) return call.proceed();
      calls += 1;
      if (calls < step) return call.proceed();
      if (calls === step && call.operation === "writeSync") writeHalf(call);
      throw new Death(`died at step ${step}, ${call.operation}`);
    }, run);
    return calls >= step;
  } catch (error) {
    if (error instanceof Death) return true;
    throw error;
  }
}

function writeHalf(call: DiskCall): void {
  const [fd, buffer, offset, length] = call.args as [number, Uint8Array, number, number];
  call.proceed(fd, buffer, offset, Math.floor(length / 2));
}

/** Makes each changing call from number `step` on fail with this code of the system; all of them, or only that one. */
export function failsAt<T>(step: number, code: string, how: "once" | "from then on", run: () => T): T {
  let calls = 0;
  return withDisk((call) => {
    if (isReading(call)) return call.proceed();
    calls += 1;
    const isHit = how === "once" ? calls === step : calls >= step;
    // A full disk still lets things be removed and cut off (for which node opens the file with "r+").
    const isRemoval =
      ["rmSync", "rmdirSync", "unlinkSync", "truncateSync", "ftruncateSync"].includes(call.operation) ||
      call.args[1] === "r+";
    if (!isHit || isRemoval) return call.proceed();
    throw Object.assign(new Error(`${code}: made to fail, ${call.operation}`), {
      code,
      syscall: call.operation,
    });
  }, run);
}

/** How many changing calls `run` makes. */
export function countSteps(run: () => unknown): number {
  let calls = 0;
  withDisk((call) => {
    if (!isReading(call)) calls += 1;
    return call.proceed();
  }, run);
  return calls;
}
