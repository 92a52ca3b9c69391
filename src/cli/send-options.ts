/** The options that `send` and `broadcast` share. */
import { userInfo } from "node:os";
import type { Command as Definition } from "commander";
import { parseDuration } from "../domain/duration.ts";
import { PRIORITIES, type Priority } from "../domain/message.ts";
import { SEND_TIMEOUT_MS } from "../domain/timeouts.ts";
import { usageError } from "../library/failure.ts";
import { nearest } from "../support/nearest.ts";
import { type Given, isGiven, textOption } from "./command.ts";

export interface SendOptions {
  readonly priority: Priority;
  readonly sender: string;
  readonly file: string | undefined;
  readonly raw: boolean;
  readonly isWaiting: boolean;
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly key: string | null;
  /** Milliseconds from acceptance, or null. */
  readonly expiresMs: number | null;
}

export function addSendOptions(definition: Definition): Definition {
  return definition
    .option("--priority <priority>", "urgent, high or normal", "normal")
    .option("--from <name>", "the sender (default: SWARM_AGENT, then the login name)")
    .option("--file <path>", "read the text from a file; - is standard input")
    .option("--raw", "type the text alone, without the header (id and sender)")
    .option("--no-wait", "only queue it; do not wait for the outcome")
    .option("--timeout <duration>", "how long to wait for the outcome", "60s")
    .option("--key <key>", "queue it once: the same key within a day gives the first one's outcome")
    .option("--expires <duration>", "do not deliver it after so long, for example 30m");
}

/** Throws SwarmError (2) for values that make no sense. */
export function parseSendOptions(given: Given, env: NodeJS.ProcessEnv): SendOptions {
  const key = textOption(given, "key") ?? null;
  if (key !== null && (key.trim() === "" || key.length > 200)) {
    throw usageError(
      "--key must have 1 to 200 characters; nothing was queued",
      "give a key such as build-1234",
    );
  }
  const expires = textOption(given, "expires");
  return {
    priority: parsePriority(textOption(given, "priority") ?? "normal"),
    sender: parseSender(textOption(given, "from"), env),
    file: textOption(given, "file"),
    raw: isGiven(given, "raw"),
    isWaiting: isGiven(given, "wait"),
    timeoutMs: timeoutOption(given),
    key,
    expiresMs: expires === undefined ? null : durationOption(expires, "--expires"),
  };
}

/** Milliseconds of `--timeout`. */
export function timeoutOption(given: Given): number {
  const text = textOption(given, "timeout");
  return text === undefined ? SEND_TIMEOUT_MS : durationOption(text, "--timeout");
}

/** Milliseconds. Throws SwarmError (2) when the text is no duration. */
export function durationOption(text: string, flag: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  const meant = /^\d+(\.\d+)?$/.test(text) ? `did you mean ${text}s? ` : "";
  throw usageError(
    `${flag} is no duration: ${JSON.stringify(text)}; nothing was queued`,
    `${meant}write 500ms, 10s, 5m, 2h or 1d`,
  );
}

function parsePriority(text: string): Priority {
  const priority = PRIORITIES.find((known) => known === text);
  if (priority) return priority;
  const meant = nearest(text, PRIORITIES);
  const hint = `${meant === null ? "" : `did you mean ${meant}? `}it can be ${PRIORITIES.join(", ")}`;
  throw usageError(`there is no priority ${JSON.stringify(text)}; nothing was queued`, hint);
}

/** Of the flag, else SWARM_AGENT, else the login name. Throws SwarmError (2) when that can be no sender. */
export function parseSender(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  const [sender, source] =
    flag !== undefined
      ? [flag, "--from"]
      : env["SWARM_AGENT"]
        ? [env["SWARM_AGENT"], "SWARM_AGENT"]
        : [loginName(env), "the login name"];
  if (sender.trim() !== "" && sender.length <= 64 && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(sender))
    return sender;
  throw usageError(
    `${source} can't be a sender: ${JSON.stringify(sender)}; nothing was queued`,
    "a sender has 1 to 64 characters on one line",
  );
}

/** Of the user, who may have none in a container. */
function loginName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env["USER"] ?? env["LOGNAME"] ?? `user-${process.getuid?.() ?? "unknown"}`;
  }
}
