/** A worker that holds the desktop of `display` through its driver, and tells the driver's process id. */
import { readdirSync, readFileSync } from "node:fs";
import { driverDesktop } from "../../../src/desktop/driver-client.ts";

const [display = ""] = process.argv.slice(2);
const desktop = driverDesktop({
  driverPath: "dist/driver.cjs",
  onOutput: (text) => process.stderr.write(text),
});
const result = await desktop.acquire(display, "a parent", 10_000, new AbortController().signal);
if (!result.ok) throw new Error(result.error.message);
const children = readdirSync("/proc").filter((pid) => parentOf(pid) === process.pid);
process.stdout.write(`${children.join(" ")}\n`);
setInterval(() => undefined, 60_000);

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}
