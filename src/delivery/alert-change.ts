/** What is different about the alerts, and who is to be told of it. Pure. */
import type { AlertNotice, Incident } from "../domain/alert.ts";
import { clearedText, firingText } from "./alert-text.ts";
import { type AlertFacts, type AlertRules, nextIncidents } from "./alerts.ts";

export interface AlertChange {
  readonly incidents: readonly Incident[];
  readonly fired: readonly AlertNotice[];
  readonly cleared: readonly AlertNotice[];
  /** Of these, and of incidents that began when there was no command: what the command is to be told. */
  readonly toTell: readonly AlertNotice[];
}

/** Null: nothing has changed. `isTelling`: there is a command. */
export function alertChange(
  rules: AlertRules,
  facts: AlertFacts,
  before: readonly Incident[],
  now: number,
  isTelling: boolean,
): AlertChange | null {
  const incidents = nextIncidents(rules, facts, before, now).map((incident) =>
    isTelling && !incident.isTold ? { ...incident, isTold: true } : incident,
  );
  if (incidents.length === before.length && incidents.every((incident, at) => incident === before[at]))
    return null;
  const fired = (incident: Incident): AlertNotice =>
    noticeOf("fired", incident, firingText(incident.code, rules, facts, now), now);
  const cleared = (incident: Incident): AlertNotice =>
    noticeOf("cleared", incident, clearedText(incident.code, rules, facts), now);
  const over = before.filter((incident) => !knownIn(incidents, incident));
  return {
    incidents,
    fired: incidents.filter((incident) => !knownIn(before, incident)).map(fired),
    cleared: over.map(cleared),
    toTell: [
      ...over.filter(({ isTold }) => isTelling && isTold).map(cleared),
      ...incidents.filter((incident) => incident.isTold && !knownIn(before, incident)?.isTold).map(fired),
    ],
  };
}

function knownIn(incidents: readonly Incident[], { code }: Incident): Incident | null {
  return incidents.find((incident) => incident.code === code) ?? null;
}

function noticeOf(
  event: AlertNotice["event"],
  { code, since }: Incident,
  message: string,
  now: number,
): AlertNotice {
  return { event, code, message, since, at: now };
}
