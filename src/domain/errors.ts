/** Stable error codes, and the error value that messages, commands and attempts carry. */

export const ERROR_CODES = [
  // finding and reading the place to type
  "window_not_found",
  "window_ambiguous",
  "focus_lost",
  "window_covered",
  "composer_not_found",
  "readback_mismatch",
  "draft_present",
  "dialog_in_front",
  "point_off_screen",
  "calibration_stale",
  "not_submitted",
  "submit_unproven",
  // the same in a terminal
  "pane_not_found",
  "pane_ambiguous",
  "shell_in_pane",
  "screen_unknown",
  // the desktop itself
  "desktop_unavailable",
  "desktop_crashed",
  "clipboard_busy",
  "human_active",
  "screen_locked",
  "lock_lost",
  "lock_timeout",
  // the mailbox and the engine
  "inbox_unwritable",
  "inbox_mismatch",
  "spool_unwritable",
  "worker_died",
  "attempt_timeout",
  "agent_removed",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What happened to which thing and why (`message`), and what to do next (`hint`). Never a message body. */
export interface DeliveryError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** Causes that only a person can mend: exit code 5. */
const NEEDS_PERSON: ReadonlySet<ErrorCode> = new Set([
  "dialog_in_front",
  "screen_locked",
  "desktop_unavailable",
  "calibration_stale",
]);

/** The agent is not where swarm was shown it. For a message that needs a person as well. */
const PLACE_LOST: ReadonlySet<ErrorCode> = new Set([
  "window_not_found",
  "window_ambiguous",
  "point_off_screen",
  "pane_not_found",
  "pane_ambiguous",
]);

export function needsPerson(code: ErrorCode): boolean {
  return NEEDS_PERSON.has(code) || PLACE_LOST.has(code);
}

/** The exit code for somebody who is just showing swarm the place: where there is nothing, that has failed. */
export function calibrationExit(code: ErrorCode): ExitCode {
  return NEEDS_PERSON.has(code) ? EXIT.personNeeded : EXIT.failed;
}

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unknownName: 3,
  stillQueued: 4,
  personNeeded: 5,
  unconfirmed: 6,
  alert: 7,
  bug: 70,
  notStored: 75,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that ends a command: what happened, what to do, and the exit code that says which kind it is. */
export class SwarmError extends Error {
  override readonly name = "SwarmError";
  readonly exitCode: ExitCode;
  readonly hint: string;

  constructor(exitCode: ExitCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
