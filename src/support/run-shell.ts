/** Runs a command line by the system's shell, with an end that is sure to come. */
import { type ChildProcess, spawn } from "node:child_process";
import { reasonOf } from "./reason-of.ts";

export interface ShellRequest {
  readonly command: string;
  readonly cwd: string;
  /** Written to its standard input, which then ends. */
  readonly input: string;
  /** Milliseconds until it is asked to end (SIGTERM). */
  readonly limitMs: number;
  /** Milliseconds from there until it is killed (SIGKILL), with all that it has started. */
  readonly graceMs: number;
}

/** `output`: the last characters of what it printed on both streams. */
export type ShellEnd =
  | {
      readonly kind: "ended";
      readonly code: number | null;
      readonly signal: string | null;
      readonly output: string;
    }
  | { readonly kind: "too_slow" | "given_up"; readonly output: string }
  | { readonly kind: "not_started"; readonly reason: string };

/** `giveUp` aborted: it is ended as if its time were over. Never rejects. */
export type RunShell = (request: ShellRequest, giveUp: AbortSignal) => Promise<ShellEnd>;

const KEPT_OUTPUT = 500;
/** After its end, for what is still on the way; a child of it that lives on in the background may hold the streams. */
const LAST_WORDS_MS = 100;
const LOOK_EVERY_MS = 20;
const HAS_GROUPS = process.platform !== "win32";

export const runShell: RunShell = async (request, giveUp) => {
  const child = start(request);
  if (child instanceof Error) return { kind: "not_started", reason: reasonOf(child) };
  const output = lastOutput(child);
  const ended = endOf(child);
  child.stdin?.on("error", () => undefined); // it need not read it
  child.stdin?.end(request.input);
  const late = lateness(request.limitMs, giveUp);
  try {
    const first = await Promise.race([ended, late.promise]);
    if (typeof first === "string") {
      await endGroup(child, request.graceMs);
      return { kind: first, output: output() };
    }
    if (first instanceof Error) return { kind: "not_started", reason: reasonOf(first) };
    await lastWords(child);
    return { kind: "ended", ...first, output: output() };
  } finally {
    late.cancel();
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
};

function start({ command, cwd }: ShellRequest): ChildProcess | Error {
  try {
    // A group of its own, so that what it starts can be ended with it.
    return spawn(command, { shell: true, cwd, detached: HAS_GROUPS, windowsHide: true });
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

function endOf(child: ChildProcess): Promise<Exit | Error> {
  return new Promise((resolve) => {
    child.on("error", resolve);
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
}

function lastOutput({ stdout, stderr }: ChildProcess): () => string {
  let kept = "";
  for (const stream of [stdout, stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT);
    });
  return () => kept.trim();
}

interface Lateness {
  readonly promise: Promise<"too_slow" | "given_up">;
  readonly cancel: () => void;
}

function lateness(limitMs: number, giveUp: AbortSignal): Lateness {
  const { promise, resolve } = withResolver<"too_slow" | "given_up">();
  const timer = setTimeout(() => resolve("too_slow"), limitMs);
  const onGiveUp = () => resolve("given_up");
  giveUp.addEventListener("abort", onGiveUp);
  if (giveUp.aborted) onGiveUp();
  return {
    promise,
    cancel() {
      clearTimeout(timer);
      giveUp.removeEventListener("abort", onGiveUp);
    },
  };
}

function withResolver<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Asks all of its group to end, and kills what is still there after `graceMs`. */
async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
  signalGroup(child, "SIGTERM");
  for (const end = performance.now() + graceMs; performance.now() < end; ) {
    if (!signalGroup(child, 0)) return;
    await pause(LOOK_EVERY_MS);
  }
  signalGroup(child, "SIGKILL");
}

/** False when nobody of the group is there any more. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  if (!HAS_GROUPS) return child.exitCode === null && child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

function lastWords(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    child.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
