/**
 * A process that uses the desktop lock as a driver does. It is told what to do, one word a line, and answers each with a
 * line of JSON: `take`, `refusal`, `release`, `rounds N MS` (takes it N times, each for so long, and looks for company
 * inside), `shifts N MS` (the same, and tells when), `type` (makes input events until it may not any more).
 */
import { appendFileSync, closeSync, openSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { lineFolder } from "../../src/desktop/desktop-line.ts";
import { acquireDesktopLock, type DesktopLease } from "../../src/desktop/desktop-lock.ts";

const [folder = "", display = "", purpose = ""] = process.argv.slice(2);
let lease: DesktopLease | null = null;

async function take(deadlineMs: number): Promise<string> {
  const result = await acquireDesktopLock({ folder, display, purpose, deadlineMs });
  if (!result.ok) return result.error.code;
  lease = result;
  return "taken";
}

/** How often somebody else was inside as well. */
async function rounds(count: number, holdMs: number): Promise<number> {
  const all = await shifts(count, holdMs);
  return all.filter(({ isClash }) => isClash).length;
}

/** One time with the lock, in milliseconds on the clock that all processes of the machine share. */
export interface Shift {
  /** When the ticket was drawn. */
  readonly arrivedAt: number;
  readonly takenAt: number;
  readonly releasedAt: number;
  /** Somebody else was inside as well. */
  readonly isClash: boolean;
}

async function shifts(count: number, holdMs: number): Promise<readonly Shift[]> {
  const inside = join(folder, "inside");
  const all: Shift[] = [];
  for (let shift = 0; shift < count; shift++) {
    if ((await take(600_000)) !== "taken") throw new Error("not taken within ten minutes");
    const takenAt = now();
    const ticket = readFileSync(join(lineFolder(folder, display), "holder"), "utf8");
    let isClash = false;
    try {
      closeSync(openSync(inside, "wx"));
      await pause(holdMs);
      unlinkSync(inside);
    } catch {
      isClash = true;
    }
    await lease?.release();
    all.push({ arrivedAt: Number(BigInt(ticket.slice(0, 20))) / 1e6, takenAt, releasedAt: now(), isClash });
  }
  return all;
}

/** A line in `typed` for each input event: when it was begun, before it was asked whether it may be made. */
async function type(): Promise<void> {
  for (;;) {
    const begunAt = now();
    await pause(0);
    await pause(0);
    if (lease?.refusal() !== null) return;
    appendFileSync(join(folder, "typed"), `${begunAt}\n`);
  }
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The event loop turns. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));
}

async function obey(line: string): Promise<unknown> {
  const [word, argument = "", holdMs = "0"] = line.split(" ");
  switch (word) {
    case "take": {
      const result = await take(Number(argument || 60_000));
      if (result === "taken") writeFileSync(join(folder, "order"), `${purpose}\n`, { flag: "a" });
      return result;
    }
    case "refusal":
      await pause(0);
      return lease?.refusal()?.error.code ?? null;
    case "release":
      await lease?.release();
      return "released";
    case "rounds":
      return rounds(Number(argument), Number(holdMs));
    case "shifts":
      return shifts(Number(argument), Number(holdMs));
    case "type":
      void type();
      return "typing";
    default:
      throw new Error(`what is ${word}?`);
  }
}

process.stdout.write('"ready"\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await obey(line))}\n`);
}
// Its parent has closed the pipe.
process.exit(0);
