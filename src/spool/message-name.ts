/**
 * The name of a message's file: all that the worker's index needs, so that a body is opened only when its turn comes.
 *
 *   <priority 0–2>-<µs since 1970, 16 digits>-<id>-<recipient>[~n<ms>][~e<ms>][~r<round>.<ms>][~c<ms> | ~x].msg
 *
 * `~n`: not delivered before that time; `~e`: not after that time. The other parts are events that a rename committed, because a rename is the one
 * step that only one of several processes can win: `~r` queued again (for the how manieth time), `~c` cancelled. Such an
 * event holds from the instant of the rename; whoever writes to the file next writes it down as a line first. `~x`
 * (expired) is only for a quick look.
 */
import { MESSAGE_ID, type Message, PRIORITIES, type Priority } from "../domain/message.ts";
import { isTime } from "../domain/time.ts";

export interface MessageName {
  readonly priority: Priority;
  /** Microseconds since 1970, 16 digits: the order of acceptance. */
  readonly micros: string;
  readonly id: string;
  readonly recipient: string;
  /** Milliseconds since 1970, or null. */
  readonly notBefore: number | null;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  readonly retried: Retry | null;
  readonly ended: End | null;
}

/** `at` in milliseconds since 1970; `round` counts from 1. */
export interface Retry {
  readonly round: number;
  readonly at: number;
}

export type End = { readonly type: "cancelled"; readonly at: number } | { readonly type: "expired" };

const NAME =
  /^([012])-(\d{16})-(msg_\d{8}_\d{6}_[0-9a-f]{8})-([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:~n(\d{1,16}))?(?:~e(\d{1,16}))?(?:~r(\d{1,9})\.(\d{1,16}))?(?:~c(\d{1,16})|~(x))?\.msg$/;

/** Null when it is not the name of a message file. */
export function parseName(file: string): MessageName | null {
  const match = NAME.exec(file);
  if (!match) return null;
  const [
    ,
    priority,
    micros = "",
    id = "",
    recipient = "",
    notBefore,
    expiresAt,
    round,
    retriedAt,
    cancelledAt,
    expired,
  ] = match;
  if (
    [notBefore, expiresAt, retriedAt, cancelledAt].some((time) => time !== undefined && !isTime(Number(time)))
  )
    return null;
  return {
    priority: PRIORITIES[Number(priority)] ?? "normal",
    micros,
    id,
    recipient,
    notBefore: notBefore === undefined ? null : Number(notBefore),
    expiresAt: expiresAt === undefined ? null : Number(expiresAt),
    retried: round === undefined ? null : { round: Number(round), at: Number(retriedAt) },
    ended: parseEnd(cancelledAt, expired),
  };
}

function parseEnd(cancelledAt: string | undefined, expired: string | undefined): End | null {
  if (cancelledAt !== undefined) return { type: "cancelled", at: Number(cancelledAt) };
  return expired === undefined ? null : { type: "expired" };
}

export function formatName({ retried, ended, ...name }: MessageName): string {
  const start = name.notBefore === null ? "" : `~n${name.notBefore}`;
  const expiry = name.expiresAt === null ? "" : `~e${name.expiresAt}`;
  const retry = retried === null ? "" : `~r${retried.round}.${retried.at}`;
  return `${orderOf(name)}-${name.recipient}${start}${expiry}${retry}${formatEnd(ended)}.msg`;
}

function formatEnd(ended: End | null): string {
  if (ended === null) return "";
  return ended.type === "cancelled" ? `~c${ended.at}` : "~x";
}

/** The same name with other marks. */
export function remarked(file: string, marks: Partial<Pick<MessageName, "retried" | "ended">>): string {
  const name = parseName(file);
  return name ? formatName({ ...name, ...marks }) : file;
}

/** The same name without marks. */
export function unmarked(file: string): string {
  return remarked(file, { retried: null, ended: null });
}

/** Sorts by priority, then by acceptance. */
function orderOf(name: Pick<MessageName, "priority" | "micros" | "id">): string {
  return `${PRIORITIES.indexOf(name.priority)}-${name.micros}-${name.id}`;
}

export function nameOf(message: Message, micros: number): MessageName {
  const { priority, id, recipient, notBefore, expiresAt } = message;
  return {
    priority,
    micros: sixteenDigits(micros),
    id,
    recipient,
    notBefore: notBefore === null ? null : Math.ceil(notBefore),
    expiresAt: expiresAt === null ? null : Math.ceil(expiresAt),
    retried: null,
    ended: null,
  };
}

/** Name of the folder in `new` that holds a broadcast, committed by one rename. */
export function isBroadcastFolder(file: string): boolean {
  return file.startsWith("bc_");
}

/**
 * The order of delivery, as text that sorts: the beginning of the file's name, which costs no memory of its own. A message
 * with a time of its own stands where one that is accepted at that time would.
 */
export function orderIn(file: string, { notBefore }: MessageName): string {
  const order = file.slice(0, 47);
  return notBefore === null ? order : `${file.slice(0, 2)}${sixteenDigits(notBefore * 1000)}-${order}`;
}

function sixteenDigits(micros: number): string {
  return String(micros).padStart(16, "0");
}

/** The id in a file's name, without reading the rest of it; null when there is none. */
export function idIn(file: string): string | null {
  const id = file.slice(19, 47);
  return MESSAGE_ID.test(id) ? id : null;
}
