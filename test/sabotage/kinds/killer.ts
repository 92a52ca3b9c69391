import { readdirSync, readFileSync } from "node:fs";
import type { Saboteur, Tools } from "../plan.ts";

/** Kills the process that types. */
export async function openKiller({ plan, tell }: Tools): Promise<Saboteur> {
  const mark = `SWT_WORKSPACE=${plan.root}`;
  const isDriver = (pid: string) =>
    contentOf(pid, "cmdline").includes("dist/driver.cjs") &&
    contentOf(pid, "environ").split("\0").includes(mark);
  return {
    async act() {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isDriver(name))) {
        process.kill(Number(pid), "SIGKILL");
        tell({ did: "acted", what: "killed the driver" });
      }
    },
  };
}

function contentOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
