/** What was learned about delays, for people to look at. */
import { join } from "node:path";
import { quantile } from "../delivery/quantile.ts";
import type { TransportName } from "../domain/agent.ts";
import { readFile } from "../support/regular-file.ts";

/** From the action to its evidence, in milliseconds. */
export interface LearnedDelay {
  readonly medianMs: number;
  readonly p95Ms: number;
}

const TRANSPORTS: ReadonlySet<string> = new Set<TransportName>(["inbox", "tmux", "desktop"]);

/** By agent and step. Nothing learned, or a damaged file: none. */
export type LearnedDelays = ReadonlyMap<string, ReadonlyMap<string, LearnedDelay>>;

export function readLearnedDelays(root: string): LearnedDelays {
  const agents = new Map<string, Map<string, LearnedDelay>>();
  for (const [key, ms] of readSteps(join(root, "runtime", "timing.json"))) {
    const [agent, transport = "", step] = key.split("/");
    if (!TRANSPORTS.has(transport)) continue;
    const [medianMs, p95Ms] = [quantile(ms, 0.5), quantile(ms, 0.95)];
    if (agent === undefined || step === undefined || medianMs === null || p95Ms === null) continue;
    const steps = agents.get(agent) ?? new Map<string, LearnedDelay>();
    agents.set(agent, steps.set(step, { medianMs, p95Ms }));
  }
  return agents;
}

function readSteps(path: string): readonly (readonly [string, readonly number[]])[] {
  try {
    const saved = JSON.parse(readFile(path).toString("utf8")) as {
      readonly steps: Record<string, { readonly ms: unknown }>;
    };
    return Object.entries(saved.steps).map(([key, { ms }]) => [key, numbersIn(ms)] as const);
  } catch {
    // Not there yet, or damaged: the worker starts afresh and says so in its log.
    return [];
  }
}

function numbersIn(value: unknown): readonly number[] {
  return Array.isArray(value)
    ? value.filter((item): item is number => typeof item === "number" && Number.isFinite(item))
    : [];
}
