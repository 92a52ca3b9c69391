/** What a power cut would take: content written and not synced, names made and not synced. Kept by watching the calls. */
import { dirname } from "node:path";
import { type DiskCall, withDisk } from "./disk.ts";

export class DiskLedger {
  readonly #paths = new Map<number, string>();
  readonly #volatileContent = new Set<string>();
  readonly #volatileNames = new Set<string>();
  /** What was done in a wrong order, in words. */
  readonly faults: string[] = [];

  /** Runs `run`, watching. */
  watch<T>(run: () => T): T {
    return withDisk((call) => this.#note(call), run);
  }

  /** True when the content of the file and all names in its folder would outlive a power cut. */
  isDurable(path: string): boolean {
    return !this.#volatileContent.has(path) && !this.#volatileNames.has(dirname(path));
  }

  /** True when all that was written to the file would outlive it. */
  isContentDurable(path: string): boolean {
    return !this.#volatileContent.has(path);
  }

  #note(call: DiskCall): unknown {
    const result = call.proceed();
    const [first, second] = call.args as [string | number, string];
    switch (call.operation) {
      case "openSync":
        this.#paths.set(result as number, String(first));
        if (/^[wa]/.test(second)) this.#volatileNames.add(dirname(String(first)));
        break;
      case "writeSync":
        this.#volatileContent.add(this.#pathOf(first));
        break;
      case "fsyncSync":
      case "fdatasyncSync":
        this.#volatileContent.delete(this.#pathOf(first));
        this.#volatileNames.delete(this.#pathOf(first));
        break;
      case "renameSync":
        this.#renamed(String(first), second);
        break;
      default: // the others make nothing durable and nothing volatile that is looked at
    }
    return result;
  }

  #renamed(from: string, to: string): void {
    const inside = (path: string) => path === from || path.startsWith(`${from}/`);
    for (const path of [...this.#volatileContent].filter(inside)) {
      this.faults.push(`${path} was renamed before its content was synced`);
      this.#volatileContent.add(to + path.slice(from.length));
    }
    if (this.#volatileNames.has(from))
      this.faults.push(`${from} was renamed before the names in it were synced`);
    this.#volatileNames.add(dirname(to));
  }

  #pathOf(fd: string | number): string {
    return this.#paths.get(Number(fd)) ?? "";
  }
}
