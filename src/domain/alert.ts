/** What may go wrong for so long, or so often, that somebody is to be told. */

export const ALERT_CODES = ["failure_rate", "retry_rate", "failed_for"] as const;
export type AlertCode = (typeof ALERT_CODES)[number];

export interface Alert {
  readonly code: AlertCode;
  /** What is wrong, by how much, and what to do. */
  readonly message: string;
}
