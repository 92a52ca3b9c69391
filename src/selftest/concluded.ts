/** Makes a line of the table of what was sent, and of what the recipients have in their logs. */
import { type Check, notTried, type Promised } from "./check.ts";
import { isDelivered, judge, type Received, type Sent } from "./judge.ts";

export interface Evidence {
  readonly promised: Promised;
  /** How it was tried. */
  readonly tried: string;
  readonly sent: readonly Sent[];
  readonly received: readonly Received[];
  /** Of whom each text counts as arrived. */
  readonly recipient: string;
  /** What the recipient saw besides the texts. */
  readonly besides?: string;
  /** What was wrong besides the texts. */
  readonly wrongs?: readonly string[];
  /** Why it proves nothing: the fault could not be brought about. Empty: it could. */
  readonly missed?: string;
  /** What swarm must say of each message where it is not `delivered`. */
  readonly expected?: { readonly code: string };
}

/** Reasons for which a message waits that are the user's own, or the desktop's: nothing is known of the promise then. */
const NOT_SWARMS: ReadonlySet<string> = new Set([
  "human_active",
  "screen_locked",
  "window_covered",
  "lock_timeout",
]);

export function concluded(evidence: Evidence): Check {
  const { promised, tried, sent, received, besides, expected } = evidence;
  const { deliveries, wrongs } = judge(sent, received);
  const barred = sent.filter(isBarred);
  const ends = sent.flatMap((each) => (isBarred(each) ? [] : wrongEnd(each, expected?.code ?? null)));
  const reasons = [...new Set([...wrongs, ...ends, ...(evidence.wrongs ?? [])])];
  const error = barred[0]?.error;
  if (reasons.length === 0 && error)
    return notTried(promised, `${error.code}: ${error.message}`, LEAVE_ALONE);
  if (reasons.length === 0 && evidence.missed)
    return { ...notTried(promised, evidence.missed, TRY_AGAIN), deliveries };
  const saw = [sawText(evidence), besides].filter(Boolean).join("; ");
  const verdict = reasons.length === 0 ? "held" : "did_not_hold";
  return { promised, verdict, tried, times: sent.length, saw, reasons, deliveries };
}

const LEAVE_ALONE = "leave keyboard and mouse alone while it runs, and try again";
const TRY_AGAIN = "try again when the machine is less busy";

/** It waits, or was given up, for a reason of the user's. */
export function isBarred(sent: Sent): boolean {
  return !isDelivered(sent) && sent.error !== null && NOT_SWARMS.has(sent.error.code);
}

/** A promise that is kept by never delivering anything is worth nothing. */
function wrongEnd(sent: Sent, code: string | null): readonly string[] {
  const { id, mark, recipient, status, error } = sent;
  if (code === null ? isDelivered(sent) || status === "unconfirmed" : error?.code === code) return [];
  const why = error === null ? "" : ` (${error.code}: ${error.message})`;
  return [
    `${id ?? mark} for ${recipient} is ${status}${why}${code === null ? "" : ` instead of refused with ${code}`}`,
  ];
}

function sawText({ received, sent, recipient, expected }: Evidence): string {
  const arrived = sent.map(({ mark }) => received.filter(({ text }) => text.includes(mark)).length);
  const count = arrived.reduce((total, each) => total + each, 0);
  if (expected && count === 0) return `${recipient}: none of the ${sent.length} texts`;
  const isEach = arrived.every((times) => times === 1);
  const isSame = sent.every(({ mark, text }) =>
    received.every((each) => !each.text.includes(mark) || each.text === text),
  );
  const texts = `${count} text${count === 1 ? "" : "s"}`;
  if (!isEach) return `${recipient}: ${texts} of ${sent.length}, not each once`;
  return `${recipient}: ${texts}, each once, ${isSame ? "SHA-256 equal" : "not equal"}`;
}
