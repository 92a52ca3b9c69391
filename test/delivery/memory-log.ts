import type { Log, LogFields } from "../../src/ports/log.ts";

/** Keeps what was logged. */
export class MemoryLog implements Log {
  readonly entries: { readonly event: string; readonly fields: LogFields }[] = [];

  write(event: string, fields: LogFields = {}): void {
    this.entries.push({ event, fields });
  }

  events(): readonly string[] {
    return this.entries.map(({ event }) => event);
  }
}
