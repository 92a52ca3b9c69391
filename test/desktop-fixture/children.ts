import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly timeoutMs?: number;
}

/** Runs a command to its end and returns what it wrote; null when it failed or took longer than `timeoutMs` (5 s). */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string | null> {
  const isFed = options.input !== undefined;
  // A command that stays behind to serve the clipboard must not hold a pipe that is waited for.
  const child = spawn(command, args, {
    env: options.env,
    stdio: [isFed ? "pipe" : "ignore", isFed ? "ignore" : "pipe", "ignore"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 5000);
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  if (isFed) feed(child.stdin, options.input ?? "");
  const code = await ended(child, isFed ? "exit" : "close");
  clearTimeout(timer);
  return code === 0 ? Buffer.concat(chunks).toString("utf8") : null;
}

/** Starts a program that ends with this process, however that ends, and leads a process group of its own. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: "ignore" | readonly ("ignore" | "pipe")[] = "ignore",
): ChildProcess {
  const child = spawn("setpriv", ["--pdeathsig=TERM", "--", command, ...args], {
    env,
    detached: true,
    stdio: stdio === "ignore" ? stdio : [...stdio],
  });
  // Its end is seen through the exit code; without a listener a failed start would end this process.
  child.on("error", () => {});
  return child;
}

/** Ends a program and its process group: asked first, forced after 3 s. */
export async function endProgram(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  signalGroup(child, "SIGTERM");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), 3000);
  await exit;
  clearTimeout(timer);
  signalGroup(child, "SIGKILL");
}

export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function feed(stdin: Writable | null, input: string): void {
  // A command that ends without reading tells so by its exit code.
  stdin?.on("error", () => {});
  stdin?.end(input);
}

function ended(child: ChildProcess, event: "exit" | "close"): Promise<number | null> {
  return new Promise((resolve) => {
    child.on("error", () => resolve(null));
    child.on(event, (code: number | null) => resolve(code));
  });
}
