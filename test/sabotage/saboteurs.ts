import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { endProgram, hasEnded, startProgram } from "../desktop-fixture/children.ts";
import { renderersOf } from "../desktop-fixture/renderers.ts";
import type { Stage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import type { Kind, Plan, Told } from "./plan.ts";

/** Processes that sabotage a stage. They begin paused. */
export interface Saboteurs {
  resume(): void;
  /** Resolves when each has finished what it was doing. */
  pause(): Promise<void>;
  /** All that they have told so far, in the order in which it came. */
  told(): readonly Told[];
  /** When a driver was last killed, of `performance.now()`; before all time: never. */
  killedAt(): number;
  stop(): Promise<void>;
}

export interface Company {
  readonly stage: Stage;
  readonly agents: readonly string[];
  /** The page of the person who works at this desktop. */
  readonly person: string;
  readonly root: string;
  readonly seed: number;
  /** Who takes part, and from one act to the next, in milliseconds. */
  readonly gapsMs: Readonly<Partial<Record<Kind, readonly [number, number]>>>;
}

const STARTS_MS = 30_000;

/** Each kind as often as lets deliveries get through in between. */
export const GAPS_MS: Company["gapsMs"] = {
  thief: [300, 2_000],
  vandal: [200, 1_500],
  mover: [500, 2_500],
  person: [3_000, 7_000],
  freezer: [1_500, 6_000],
  twin: [4_000, 12_000],
  killer: [8_000, 20_000],
};
const PROGRAM = ["--import", "./test/setup/typescript.js", "test/sabotage/programs/saboteur.ts"];

export async function startSaboteurs(company: Company): Promise<Saboteurs> {
  const told: Told[] = [];
  let killedAt = Number.NEGATIVE_INFINITY;
  const hear = (line: string) => {
    const each = JSON.parse(line) as Told;
    told.push(each);
    if (each.kind === "killer" && each.did === "acted") killedAt = performance.now();
  };
  const children: ChildProcess[] = [];
  for (const plan of await plansOf(company)) {
    const env = { ...company.stage.desktop.env, NODE_NO_WARNINGS: "1" };
    const child = startProgram(process.execPath, [...PROGRAM, JSON.stringify(plan)], env, [
      "pipe",
      "pipe",
      "pipe",
    ]);
    children.push(child);
    if (child.stdout) createInterface({ input: child.stdout }).on("line", hear);
    child.stderr?.on("data", (text: Buffer) => console.error(`${plan.kind}: ${String(text)}`));
  }
  const tell = (word: string) => {
    for (const child of children) child.stdin?.write(`${word}\n`);
  };
  const all = (did: Told["did"], since: number) =>
    until(
      `all saboteurs are ${did}`,
      () => {
        if (children.some(hasEnded)) throw new Error("a saboteur has ended by itself");
        return told.slice(since).filter((each) => each.did === did).length >= children.length;
      },
      STARTS_MS,
    );
  const saboteurs: Saboteurs = {
    resume: () => tell("resume"),
    async pause() {
      const since = told.length;
      tell("pause");
      await all("paused", since);
    },
    told: () => told,
    killedAt: () => killedAt,
    async stop() {
      for (const child of children) child.stdin?.end();
      await Promise.all(children.map(endProgram));
    },
  };
  try {
    await all("ready", 0);
  } catch (error) {
    await saboteurs.stop();
    throw error;
  }
  return saboteurs;
}

async function plansOf({ stage, agents, person, root, seed, gapsMs }: Company): Promise<readonly Plan[]> {
  const windows = agents.map((name) => Number(stage.windowOf(name)));
  const renderers = await renderersOf(stage, stage.windowOf(person));
  return Object.entries(gapsMs).map(([kind, gap], i) => ({
    kind: kind as Kind,
    display: stage.desktop.display,
    seed: seed + i * 7919,
    gapMs: gap,
    windows,
    titles: agents.map((name) => stage.titleOf(name)),
    personWindow: Number(stage.windowOf(person)),
    renderers,
    root,
  }));
}
