/** Files that other processes write, move and remove meanwhile. */
import { readdirSync, readFileSync } from "node:fs";

/** Empty where there is no such folder. */
export function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty where there is no such file. */
export function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
