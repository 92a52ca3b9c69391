/** What an alert says: what is wrong, by how much, and what to do. */
import type { Alert, AlertCode } from "../domain/alert.ts";
import { type AlertFacts, type AlertRules, CLEARS_AT } from "./alerts.ts";

export function firingText(
  code: AlertCode,
  rules: AlertRules,
  facts: AlertFacts,
  now: number,
): Alert["message"] {
  switch (code) {
    case "failure_rate":
      return `${percent(facts.rates.failureRate)} of messages were not delivered; ${limitText(facts.rates.failureRate, rules.failureRate)}; see why: swarm log`;
    case "retry_rate":
      return `${percent(facts.rates.retryRate)} of messages needed more than one attempt; ${limitText(facts.rates.retryRate, rules.retryRate)}`;
    case "failed_for":
      return failedForText(rules, facts, now);
    default:
      return code satisfies never;
  }
}

/** `rules` and `facts` are those that ended it. */
export function clearedText(code: AlertCode, rules: AlertRules, { rates }: AlertFacts): string {
  switch (code) {
    case "failure_rate":
      return `${percent(rates.failureRate)} of messages were not delivered; the limit is ${percent(rules.failureRate)}`;
    case "retry_rate":
      return `${percent(rates.retryRate)} of messages needed more than one attempt; the limit is ${percent(rules.retryRate)}`;
    case "failed_for":
      return "the messages that had been failed for long are done with";
    default:
      return code satisfies never;
  }
}

/** While it wavers: why it still fires. */
function limitText(rate: number | null, limit: number): string {
  const text = `the limit is ${percent(limit)}`;
  return rate !== null && rate > limit
    ? text
    : `${text}, and the alert ends at ${percent(limit * CLEARS_AT)}`;
}

function failedForText({ failedForMs }: AlertRules, { deadLetters }: AlertFacts, now: number): string {
  const longestMs = Math.max(0, ...deadLetters.map(({ failedAt }) => now - failedAt));
  if (longestMs <= failedForMs)
    return "a message that had been failed for long was queued again and is not delivered yet; see: swarm status";
  return `a message has been failed for ${lengthText(longestMs)}; mend its cause, then: swarm retry-failed`;
}

function lengthText(ms: number): string {
  const [count, unit] = ms < 60_000 ? [Math.floor(ms / 1000), "second"] : [Math.floor(ms / 60_000), "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function percent(share: number | null): string {
  return `${Math.round((share ?? 0) * 1000) / 10} %`;
}
