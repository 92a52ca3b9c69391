/** The line before a desktop: one ticket file per process that holds the desktop or waits for it. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, isGone, processStart } from "./process-alive.ts";
import { displayName } from "./runtime-folder.ts";

/** The folder in which the processes of one user line up for one display. */
export function lineFolder(folder: string, display: string): string {
  return join(folder, `desktop${displayName(display)}`);
}

/** Draws a ticket: its name sorts by the time of arrival, on a clock that all processes of this machine share. */
export function drawTicket(line: string, purpose: string): string {
  const arrival = String(process.hrtime.bigint()).padStart(20, "0");
  const ticket = `${arrival}-${process.pid}-${processStart(process.pid) ?? "0"}`;
  const body = JSON.stringify({ pid: process.pid, purpose, since: new Date().toISOString() });
  writeFileSync(join(line, ticket), body, { flag: "wx", mode: 0o600 });
  return ticket;
}

export interface Ahead {
  /** The ticket of the first in line, which will take its turn; null: it is ours. */
  readonly first: string | null;
  /** The ticket right before ours, or null. While it is there, nothing changes for us but by a death. */
  readonly nearest: string | null;
}

/** Who came before. Tickets of dead processes are removed on the way to the first living one. */
export function ahead(line: string, own: string): Ahead {
  const before = ticketsIn(line).filter((ticket) => ticket < own);
  const first = before.find((ticket) => {
    const [, pid = "0", start = "0"] = ticket.split("-");
    if (isAlive(Number(pid), start)) return true;
    if (isGone(Number(pid), start)) rmSync(join(line, ticket), { force: true });
    return false;
  });
  return { first: first ?? null, nearest: before.at(-1) ?? null };
}

function ticketsIn(line: string): readonly string[] {
  return readdirSync(line)
    .filter((name) => /^\d{20}-\d+-\d+$/.test(name))
    .sort();
}

/** True when the owner of this ticket holds the desktop. */
export function isHolding(line: string, ticket: string): boolean {
  try {
    return readFileSync(join(line, "holder"), "utf8") === ticket;
  } catch {
    return false;
  }
}

/** On the machine's own clock, in milliseconds. */
export interface LastInput {
  /** When swarm last made an input event. */
  readonly at: number;
  /** When, by then, anybody else had last pressed a key or a button; null: not known. */
  readonly othersAt: number | null;
}

/** For the next in line, who may come after a kill. */
export function leaveLastInput(line: string, { at, othersAt }: LastInput): void {
  writeFileSync(join(line, "last-input"), othersAt === null ? `${at}` : `${at} ${othersAt}`, { mode: 0o600 });
}

/** What the holder before left; null when it left nothing. */
export function lastInputLeft(line: string): LastInput | null {
  try {
    const [at, othersAt] = readFileSync(join(line, "last-input"), "utf8").split(" ").map(Number);
    if (at === undefined || !Number.isFinite(at)) return null;
    return { at, othersAt: othersAt !== undefined && Number.isFinite(othersAt) ? othersAt : null };
  } catch {
    return null;
  }
}

export interface LineEntry {
  readonly pid: number;
  readonly purpose: string;
  /** ISO time. */
  readonly since: string;
}

/** Who holds the desktop and who waits, in order; for `status`. Reads files only. */
export function readLine(
  folder: string,
  display: string,
): { readonly holder: LineEntry | null; readonly waiting: readonly LineEntry[] } {
  const line = lineFolder(folder, display);
  try {
    const holding = readHolder(line);
    const entries = ticketsIn(line).filter((ticket) => {
      const [, pid = "0", start = "0"] = ticket.split("-");
      return isAlive(Number(pid), start);
    });
    return {
      holder: holding !== null && entries.includes(holding) ? readEntry(line, holding) : null,
      waiting: entries
        .filter((ticket) => ticket !== holding)
        .flatMap((ticket) => readEntry(line, ticket) ?? []),
    };
  } catch {
    return { holder: null, waiting: [] };
  }
}

function readHolder(line: string): string | null {
  try {
    return readFileSync(join(line, "holder"), "utf8");
  } catch {
    return null;
  }
}

function readEntry(line: string, ticket: string): LineEntry | null {
  try {
    return JSON.parse(readFileSync(join(line, ticket), "utf8")) as LineEntry;
  } catch {
    return null;
  }
}

/** Who holds the desktop, in words, or null. */
export function describeHolder(line: string): string | null {
  const holding = readHolder(line);
  const entry = holding === null ? null : readEntry(line, holding);
  return entry === null ? null : `process ${entry.pid}, ${entry.purpose}`;
}
