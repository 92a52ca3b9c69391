import { readdirSync, readFileSync } from "node:fs";
import { BUILT_IN_PROFILES, type Profile } from "../../../src/domain/profile.ts";
import type { Guarded } from "../../../src/ports/desktop.ts";

/** The one driver that this process has started. */
export function driverPid(): number {
  const drivers = readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === process.pid)
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes("driver.cjs"));
  if (drivers.length !== 1) throw new Error(`${drivers.length} drivers run`);
  return Number(drivers[0]);
}

/** Process ids of the keepers that hold, or are about to hold, the clipboard of this display. */
export function keepersOf(display: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const args = read(`/proc/${pid}/cmdline`).split("\0");
      return args.some((arg) => arg.endsWith("keeper.cjs")) && args.includes(display);
    });
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** What was allowed, or an error that tells the refusal. */
export function good<T extends object>(result: Guarded<T>): { readonly ok: true } & T {
  if (!result.ok) throw new Error(`refused: ${result.error.code}: ${result.error.message}`);
  return result;
}

export function firstProfile(): Profile {
  const [profile] = BUILT_IN_PROFILES;
  if (!profile) throw new Error("there are no built-in profiles");
  return profile;
}
