/** Which alerts fire, for whoever looks: by what the last worker saw and what lies there now. It needs no worker. */
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { type AlertRecord, NO_ALERTS, parseAlertRecord } from "../delivery/alert-record.ts";
import { firingText } from "../delivery/alert-text.ts";
import { type AlertFacts, type AlertRules, nextIncidents } from "../delivery/alerts.ts";
import type { Alert, AlertCommandFailure } from "../domain/alert.ts";
import { readFile } from "../support/regular-file.ts";
import { sha256 } from "../support/sha256.ts";

export function alertsPath(root: string): string {
  return join(root, "runtime", "alerts.json");
}

/** Damaged or missing: nothing is known of before; the worker says so in its log. */
export function readAlertRecord(root: string): AlertRecord {
  try {
    return parseAlertRecord(JSON.parse(readFile(alertsPath(root)).toString("utf8"))) ?? NO_ALERTS;
  } catch {
    return NO_ALERTS;
  }
}

/** Why the last run of this command failed; null where it did not, or another one ran last. */
export function alertCommandFailure({ root, alerts }: Config): AlertCommandFailure | null {
  const { failure } = readAlertRecord(root);
  return alerts.command !== null && failure?.command === sha256(alerts.command) ? failure : null;
}

export function alertReport(
  rules: AlertRules,
  facts: AlertFacts,
  { incidents }: Pick<AlertRecord, "incidents">,
  now: number,
): readonly Alert[] {
  return nextIncidents(rules, facts, incidents, now).map(({ code, since }) => {
    // A rate tells nothing of when it began.
    const isKnown = code === "failed_for" || incidents.some((incident) => incident.code === code);
    return { code, message: firingText(code, rules, facts, now), since: isKnown ? since : null };
  });
}
