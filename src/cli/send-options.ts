/** The options that `send` and `broadcast` share. */
import type { Command as Definition } from "commander";
import { SEND_TIMEOUT_MS } from "../domain/timeouts.ts";
import type { SendTerms } from "../library/new-message.ts";
import { durationOption, parseKey, parsePriority, parseSender, startOf } from "../library/send-values.ts";
import { type Given, isGiven, textOption } from "./command.ts";

export interface SendOptions extends SendTerms {
  readonly file: string | undefined;
  readonly isWaiting: boolean;
  /** Milliseconds from when it may be delivered. */
  readonly timeoutMs: number;
}

export function addSendOptions(definition: Definition): Definition {
  return definition
    .option("--priority <priority>", "urgent, high or normal", "normal")
    .option("--from <name>", "the sender (default: SWARM_AGENT, then the login name)")
    .option("--file <path>", "read the text from a file; - is standard input")
    .option("--raw", "type the text alone, without the header (id and sender)")
    .option("--no-wait", "only queue it; do not wait for the outcome")
    .option("--timeout <duration>", "how long to wait for the outcome (default: 60s)")
    .option("--at <time>", "deliver it then: 15:30, or 2026-02-01T15:30; does not wait")
    .option("--in <duration>", "deliver it after so long, for example 10m; does not wait")
    .option("--join", "it may be typed in one turn with others that wait for the agent")
    .option("--key <key>", "queue it once: the same key within a day gives the first one's outcome")
    .option("--expires <duration>", "do not deliver it after so long, for example 30m");
}

/** Throws SwarmError (2) for values that make no sense. */
export function parseSendOptions(given: Given, env: NodeJS.ProcessEnv): SendOptions {
  const key = textOption(given, "key");
  const expires = textOption(given, "expires");
  const notBefore = startOf(textOption(given, "at"), textOption(given, "in"), Date.now(), "--");
  // What is to come in an hour is waited for only when that is asked for.
  const isTimed = notBefore === null || textOption(given, "timeout") !== undefined;
  return {
    priority: parsePriority(textOption(given, "priority") ?? "normal"),
    sender: parseSender(textOption(given, "from"), env),
    file: textOption(given, "file"),
    raw: isGiven(given, "raw"),
    isWaiting: isGiven(given, "wait") && isTimed,
    timeoutMs: timeoutOption(given),
    key: key === undefined ? null : parseKey(key, "--key"),
    expiresMs: expires === undefined ? null : durationOption(expires, "--expires"),
    notBefore,
    join: isGiven(given, "join"),
  };
}

/** Milliseconds of `--timeout`. */
export function timeoutOption(given: Given): number {
  const text = textOption(given, "timeout");
  return text === undefined ? SEND_TIMEOUT_MS : durationOption(text, "--timeout");
}
