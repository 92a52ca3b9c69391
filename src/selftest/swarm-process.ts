/** Runs the command as a process of its own, and reads what it says of a message. */
import { spawn } from "node:child_process";
import type { Sent } from "./judge.ts";

export const SENDER = "selftest";
const EVIDENCE = { inbox: ["inbox_file"], other: ["inbox_file", "typed", "submitted"] } as const;

export interface Outgoing {
  readonly recipient: string;
  readonly mark: string;
  readonly body: string;
  /** What the recipient must get, where it is not the body as it is. */
  readonly arrives?: string;
  readonly isRaw?: boolean;
  /** How long it may take, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In a session of its own: Ctrl+C is for the selftest, which ends it in order. Rejects when `signal` is aborted. */
export function runToEnd(
  command: string,
  args: readonly string[],
  input: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: "pipe" });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (part: Buffer) => stdout.push(part));
    child.stderr.on("data", (part: Buffer) => stderr.push(part));
    child.stdin.on("error", () => undefined); // one that ends without reading tells so by its exit code
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

interface Printed {
  readonly id?: string;
  readonly status?: string;
  readonly transport?: string;
  readonly evidence?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string } | null;
}

export function sentOf(message: Outgoing, { code, stdout, stderr }: Ended): Sent {
  const printed = parsed(stdout);
  const { id = null, status = "not accepted", transport, evidence = [], error = null } = printed;
  const needed: readonly string[] = transport === "inbox" ? EVIDENCE.inbox : EVIDENCE.other;
  const body = message.arrives ?? message.body;
  const hasHeader = transport !== "inbox" && !message.isRaw;
  return {
    mark: message.mark,
    recipient: message.recipient,
    text: hasHeader ? `[#${id} from ${SENDER}] ${body}` : body,
    id,
    status,
    exitCode: code,
    isProven: needed.every((piece) => evidence.includes(piece)),
    error: error ?? (id === null ? { code: "no_answer", message: firstLine(stderr) } : null),
  };
}

function parsed(stdout: string): Printed {
  try {
    return JSON.parse(stdout) as Printed;
  } catch {
    return {};
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
