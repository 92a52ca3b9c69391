/** The worker's log: one line per event, never a message body or clipboard content. */

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  /** `event` is a stable word such as `delivered`. Never throws. */
  write(event: string, fields?: LogFields): void;
}
