/** What may be said with a message, checked: from the command line, a line of JSON, or a program. */
import { userInfo } from "node:os";
import { parseDuration } from "../domain/duration.ts";
import { PRIORITIES, type Priority } from "../domain/message.ts";
import { parseMoment } from "../domain/moment.ts";
import { nearest } from "../support/nearest.ts";
import { usageError } from "./failure.ts";

const LONGEST_KEY = 200;

/** Milliseconds. `name`: of the option that it is of. Throws SwarmError (2) when the text is no duration. */
export function durationOption(text: string, name: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  const meant = /^\d+(\.\d+)?$/.test(text) ? `did you mean ${text}s? ` : "";
  throw usageError(
    `${name} is no duration: ${JSON.stringify(text)}; nothing was queued`,
    `${meant}write 500ms, 10s, 5m, 2h or 1d`,
  );
}

/**
 * When it may be delivered, in milliseconds since 1970; null where neither is given. `dashes`: what stands before the names
 * of the options. Throws SwarmError (2) when it is no time to come.
 */
export function startOf(
  at: string | undefined,
  after: string | undefined,
  now: number,
  dashes: "--" | "",
): number | null {
  if (at !== undefined && after !== undefined)
    throw usageError(
      `${dashes}at and ${dashes}in exclude each other; nothing was queued`,
      "give one of them",
    );
  if (after !== undefined) return now + durationOption(after, `${dashes}in`);
  if (at === undefined) return null;
  const moment = parseMoment(at, now);
  if (moment === null)
    throw usageError(
      `${dashes}at is no time: ${JSON.stringify(at)}; nothing was queued`,
      `write 15:30, 15:30:20 or 2026-02-01T15:30; or how long from now: ${dashes}in 10m`,
    );
  if (moment <= now)
    throw usageError(
      `${dashes}at is over already: ${JSON.stringify(at)}; nothing was queued`,
      "give a time that is still to come, or leave it out",
    );
  return moment;
}

/** Throws SwarmError (2) when there is none of that name. */
export function parsePriority(text: string): Priority {
  const priority = PRIORITIES.find((known) => known === text);
  if (priority) return priority;
  const meant = nearest(text, PRIORITIES);
  const hint = `${meant === null ? "" : `did you mean ${meant}? `}it can be ${PRIORITIES.join(", ")}`;
  throw usageError(`there is no priority ${JSON.stringify(text)}; nothing was queued`, hint);
}

/** `name`: of the option that it is of. Throws SwarmError (2) when it can be no key. */
export function parseKey(key: string, name: string): string {
  if (key.trim() !== "" && key.length <= LONGEST_KEY) return key;
  throw usageError(
    `${name} must have 1 to ${LONGEST_KEY} characters; nothing was queued`,
    "give a key such as build-1234",
  );
}

/** Of the option, else SWARM_AGENT, else the login name. Throws SwarmError (2) when that can be no sender. */
export function parseSender(option: string | undefined, env: NodeJS.ProcessEnv, name = "--from"): string {
  const [sender, source] =
    option !== undefined
      ? [option, name]
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
