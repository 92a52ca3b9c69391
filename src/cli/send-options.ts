/** The options that `send` and `broadcast` share. */
import type { Command as Definition } from "commander";
import { SEND_TIMEOUT_MS } from "../domain/timeouts.ts";
import type { SendTerms } from "../library/new-message.ts";
import { durationOption, parseKey, parsePriority, parseSender } from "../library/send-values.ts";
import { type Given, isGiven, textOption } from "./command.ts";

export interface SendOptions extends SendTerms {
  readonly file: string | undefined;
  readonly isWaiting: boolean;
  /** Milliseconds. */
  readonly timeoutMs: number;
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
  const key = textOption(given, "key");
  const expires = textOption(given, "expires");
  return {
    priority: parsePriority(textOption(given, "priority") ?? "normal"),
    sender: parseSender(textOption(given, "from"), env),
    file: textOption(given, "file"),
    raw: isGiven(given, "raw"),
    isWaiting: isGiven(given, "wait"),
    timeoutMs: timeoutOption(given),
    key: key === undefined ? null : parseKey(key, "--key"),
    expiresMs: expires === undefined ? null : durationOption(expires, "--expires"),
  };
}

/** Milliseconds of `--timeout`. */
export function timeoutOption(given: Given): number {
  const text = textOption(given, "timeout");
  return text === undefined ? SEND_TIMEOUT_MS : durationOption(text, "--timeout");
}
