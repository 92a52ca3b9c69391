import { existsSync } from "node:fs";
import { join } from "node:path";

/** The built driver: beside the built command, or in `dist/` when the sources run themselves (tests). */
export function driverPath(): string {
  const beside = join(__dirname, "driver.cjs");
  return existsSync(beside) ? beside : join(__dirname, "..", "..", "dist", "driver.cjs");
}
