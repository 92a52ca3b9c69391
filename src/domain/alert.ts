/** What may go wrong for so long, or so often, that somebody is to be told. */

export const ALERT_CODES = ["failure_rate", "retry_rate", "failed_for"] as const;
export type AlertCode = (typeof ALERT_CODES)[number];

export interface Alert {
  readonly code: AlertCode;
  /** What is wrong, by how much, and what to do. */
  readonly message: string;
  /** Since when it fires, in milliseconds since 1970; null where nobody saw it begin. */
  readonly since: number | null;
}

/** From the moment in which an alert fires to that in which it clears. */
export interface Incident {
  readonly code: AlertCode;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** It is, or was, on its way to `alerts.command`. */
  readonly isTold: boolean;
  /** `failed_for`: the dead letters that lay too long. */
  readonly ids: readonly string[];
}

/** What `alerts.command` is told: once for each incident and event. */
export interface AlertNotice {
  readonly event: "fired" | "cleared";
  readonly code: AlertCode;
  readonly message: string;
  /** When the incident began, and when this happened, in milliseconds since 1970. */
  readonly since: number;
  readonly at: number;
}

/** The last run of `alerts.command` did not succeed. */
export interface AlertCommandFailure {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: AlertNotice["event"];
  readonly code: AlertCode;
  readonly reason: string;
  /** SHA-256 of the command that failed: of another one it tells nothing. */
  readonly command: string;
}
