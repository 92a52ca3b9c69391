/**
 * A process that uses the desktop lock as a driver does. It is told what to do, one word a line, and answers each with a
 * line of JSON: `take`, `refusal`, `release`, or `rounds N` (takes and releases it N times, and looks for company inside).
 */
import { closeSync, openSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
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
async function rounds(count: number): Promise<number> {
  const inside = join(folder, "inside");
  let clashes = 0;
  for (let round = 0; round < count; round++) {
    if ((await take(60_000)) !== "taken") throw new Error("not taken within a minute");
    try {
      closeSync(openSync(inside, "wx"));
      await new Promise((resolve) => setImmediate(resolve));
      unlinkSync(inside);
    } catch {
      clashes += 1;
    }
    await lease?.release();
  }
  return clashes;
}

async function obey(line: string): Promise<unknown> {
  const [word, argument = ""] = line.split(" ");
  switch (word) {
    case "take": {
      const result = await take(Number(argument || 60_000));
      if (result === "taken") writeFileSync(join(folder, "order"), `${purpose}\n`, { flag: "a" });
      return result;
    }
    case "refusal":
      await new Promise((resolve) => setImmediate(resolve));
      return lease?.refusal()?.error.code ?? null;
    case "release":
      await lease?.release();
      return "released";
    case "rounds":
      return rounds(Number(argument));
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
