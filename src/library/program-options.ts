/** Options that a program gives, which may be written in JavaScript: checked as strictly as a command line. */
import { SEND_TIMEOUT_MS } from "../domain/timeouts.ts";
import type { DeadLetterSelection } from "../ports/store.ts";
import { nearest } from "../support/nearest.ts";
import type {
  BroadcastOptions,
  InboxOptions,
  RetryOptions,
  SendOptions,
  SwarmOptions,
  WaitOptions,
} from "./api.ts";
import { usageError } from "./failure.ts";
import type { SendTerms } from "./new-message.ts";
import { durationOption, parseKey, parsePriority, parseSender, startOf } from "./send-values.ts";

type Kind = "string" | "boolean" | "number" | "strings" | "signal" | "variables" | "function";
/** The options of a call, each with what it must be. */
type Kinds<Options> = { readonly [Name in keyof Required<Options>]: Kind };

const WAIT: Kinds<WaitOptions> = { timeoutMs: "number", signal: "signal" };
const SEND: Kinds<SendOptions> = {
  ...WAIT,
  priority: "string",
  from: "string",
  key: "string",
  raw: "boolean",
  at: "string",
  in: "string",
  join: "boolean",
  expires: "string",
  wait: "boolean",
};
const BROADCAST: Kinds<BroadcastOptions> = { ...SEND, to: "strings", except: "strings", stagger: "string" };
const RETRY: Kinds<RetryOptions> = {
  ...WAIT,
  agent: "string",
  id: "string",
  olderThan: "string",
  unconfirmed: "boolean",
};
const INBOX: Kinds<InboxOptions> = { unread: "boolean" };
const SWARM: Kinds<SwarmOptions> = { root: "string", env: "variables", onNote: "function" };

const TOLD: Readonly<Record<Kind, string>> = {
  string: "a string",
  boolean: "true or false",
  number: "a number of milliseconds from 0 on",
  strings: "an array of strings",
  signal: "an AbortSignal",
  variables: "an object of strings",
  function: "a function",
};

/** Throws SwarmError (2), as the others here, for options that there are not or values that they can't have. */
export function sendTerms(options: SendOptions, env: NodeJS.ProcessEnv): SendTerms {
  const { priority, from, key, raw, expires, at, in: after, join } = options;
  return {
    priority: priority === undefined ? "normal" : parsePriority(priority),
    sender: parseSender(from, env, "from"),
    raw: raw ?? false,
    key: key === undefined ? null : parseKey(key, "key"),
    expiresMs: expires === undefined ? null : durationOption(expires, "expires"),
    notBefore: startOf(at, after, Date.now(), ""),
    join: join ?? false,
  };
}

export function checkSwarm(options: SwarmOptions): void {
  check(options, SWARM);
}

export function checkSend(options: SendOptions): void {
  check(options, SEND);
}

export function checkBroadcast(options: BroadcastOptions): void {
  check(options, BROADCAST);
}

export function checkInbox(options: InboxOptions): void {
  check(options, INBOX);
}

export function checkWait(options: WaitOptions): void {
  check(options, WAIT);
}

export function retrySelection(options: RetryOptions): DeadLetterSelection {
  check(options, RETRY);
  const { agent, id, olderThan, unconfirmed = false } = options;
  return {
    isUnconfirmedIncluded: unconfirmed,
    ...(agent !== undefined && { agent }),
    ...(id !== undefined && { id }),
    ...(olderThan !== undefined && { olderThanMs: durationOption(olderThan, "olderThan") }),
  };
}

/** The option `signal`, before the options are checked. */
export function signalIn(options: object): AbortSignal | undefined {
  const signal: unknown = options !== null && "signal" in options ? options.signal : undefined;
  return signal instanceof AbortSignal ? signal : undefined;
}

/** Milliseconds. */
export function timeoutOf({ timeoutMs = SEND_TIMEOUT_MS }: WaitOptions): number {
  return timeoutMs;
}

/** Milliseconds. */
export function staggerOf({ stagger }: BroadcastOptions): number {
  return stagger === undefined ? 0 : durationOption(stagger, "stagger");
}

/** `value` as the string that it must be. */
export function text(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw usageError(
    `the ${name} is no string but ${typeof value}; nothing was queued`,
    `give the ${name} as a string`,
  );
}

function check(options: object, kinds: Readonly<Record<string, Kind>>): void {
  if (typeof options !== "object" || options === null)
    throw usageError("the options are no object; nothing was queued", "for example { timeoutMs: 5000 }");
  for (const [name, value] of Object.entries(options)) {
    const kind = kinds[name];
    if (kind === undefined) throw unknownOption(name, Object.keys(kinds));
    if (value === undefined || fits(value, kind)) continue;
    throw usageError(`the option ${name} is not right; nothing was queued`, `it must be ${TOLD[kind]}`);
  }
}

function fits(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "string":
    case "boolean":
    case "function":
      return typeof value === kind;
    case "number":
      return typeof value === "number" && value >= 0;
    case "strings":
      return Array.isArray(value) && value.every((each) => typeof each === "string");
    case "signal":
      return value instanceof AbortSignal;
    case "variables":
      return typeof value === "object" && value !== null && Object.values(value).every(isVariable);
    default:
      return kind satisfies never;
  }
}

function isVariable(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function unknownOption(name: string, known: readonly string[]) {
  const meant = nearest(name, known);
  return usageError(
    `there is no option ${JSON.stringify(name)}; nothing was queued`,
    `${meant === null ? "" : `did you mean ${meant}? `}there are: ${known.join(", ")}`,
  );
}
