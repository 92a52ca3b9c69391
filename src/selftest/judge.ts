/** Holds what swarm said of its messages against what the recipients' own logs hold. The logs are the truth. */
import { createHash } from "node:crypto";
import type { Deliveries } from "./check.ts";

/** A message, and what `swarm send` said of it. */
export interface Sent {
  /** Stands in the text and nowhere else: finds it again also where swarm's own id is gone. */
  readonly mark: string;
  readonly recipient: string;
  /** What must stand in the recipient's log, to the last byte. */
  readonly text: string;
  /** Null: it printed none. */
  readonly id: string | null;
  readonly status: string;
  readonly exitCode: number | null;
  /** Each piece of evidence that belongs to this transport was there. */
  readonly isProven: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** One text that a recipient has in its log. */
export interface Received {
  readonly recipient: string;
  readonly text: string;
}

export interface Judged {
  readonly deliveries: Deliveries;
  /** A sentence for each thing that is wrong. Empty: all is as swarm said. */
  readonly wrongs: readonly string[];
}

/** `received`: of every recipient that the texts could have reached, the right one or not. */
export function judge(sent: readonly Sent[], received: readonly Received[]): Judged {
  const each = sent.map((message) => judgeOne(message, textsOf(message, received)));
  const strangers = received.filter(({ text }) => !sent.some(({ mark }) => text.includes(mark)));
  const count = (kind: keyof Fault) => each.filter(({ faults }) => faults[kind] !== undefined).length;
  return {
    deliveries: {
      total: sent.length,
      delivered: sent.filter(isDelivered).length,
      refused: sent.filter(isRefused).length,
      unconfirmed: sent.filter(({ status }) => status === "unconfirmed").length,
      lost: count("lost"),
      doubled: count("doubled"),
      misrouted: count("misrouted") + strangers.length,
      altered: count("altered"),
    },
    wrongs: [
      ...each.flatMap(({ faults }) => Object.values(faults)),
      ...strangers.map(
        ({ recipient, text }) => `misrouted: ${recipient} got what was not for it: ${excerpt(text)}`,
      ),
    ],
  };
}

export function isDelivered({ status, isProven }: Sent): boolean {
  return status === "delivered" && isProven;
}

function isRefused({ status, error }: Sent): boolean {
  return status !== "delivered" && status !== "unconfirmed" && error !== null;
}

interface Fault {
  lost?: string;
  doubled?: string;
  misrouted?: string;
  altered?: string;
  unproven?: string;
}

function judgeOne(sent: Sent, found: readonly Received[]): { readonly faults: Fault } {
  const { recipient, status } = sent;
  const name = `${sent.id ?? sent.mark} for ${recipient}`;
  const faults: Fault = {};
  const elsewhere = found.find((each) => each.recipient !== recipient);
  const altered = found.find(({ text }) => hash(text) !== hash(sent.text));
  if (elsewhere) faults.misrouted = `misrouted: ${name} was submitted to ${elsewhere.recipient}`;
  if (altered) faults.altered = `altered: ${name} arrived as ${excerpt(altered.text)}`;
  if (found.length > 1) faults.doubled = `doubled: ${name} arrived ${found.length} times`;
  if (status === "delivered" && found.length === 0)
    faults.lost = `lost: ${name} is said to be delivered, and never arrived`;
  if (status === "delivered" && !sent.isProven)
    faults.unproven = `${name} is said to be delivered without proof`;
  // Whoever believes the refusal sends it again.
  if (isRefused(sent) && found.length > 0)
    faults.doubled ??= `${name} is said to be ${status} (${sent.error?.code}), and arrived`;
  if (sent.id === null) faults.lost ??= `${name} was not accepted (exit ${sent.exitCode})`;
  return { faults };
}

function textsOf({ mark }: Sent, received: readonly Received[]): readonly Received[] {
  return received.flatMap((each) => Array<Received>(each.text.split(mark).length - 1).fill(each));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const EXCERPT = 60;

function excerpt(text: string): string {
  return JSON.stringify(text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text);
}
