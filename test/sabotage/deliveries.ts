/** Deliveries to real windows while saboteurs are at work, and what became of them by the pages' own word. */
import { setTimeout as delay } from "node:timers/promises";
import { HARD_BODY_LIST } from "../e2e/bodies.ts";
import { seededRandom, trackerSays } from "../e2e/desktop-agents.ts";
import type { BroadcastJson, RetryJson, SendJson, Tracker } from "../e2e/json.ts";
import type { Workspace } from "../e2e/workspace.ts";
import { clipboardsThatMayRemain } from "./clipboard-history.ts";
import { PERSONS_LETTERS, pick, type Told } from "./plan.ts";
import { type Company, type Saboteurs, startSaboteurs } from "./saboteurs.ts";
import { AGENTS, layDrafts, openScene, PERSON, type Scene, textsIn, withoutPersons } from "./scene.ts";
import { storiesOf } from "./story.ts";
import { type Sent, wrongsOf } from "./verdict.ts";

export interface Options {
  readonly deliveries: number;
  /** After so many the sabotage pauses, what is left is delivered, and all must be as it should. */
  readonly perRound: number;
  /** Sabotage of one round lasts no longer, in milliseconds. */
  readonly roundMs: number;
  readonly gapsMs: Company["gapsMs"];
  readonly seed: number;
}

export interface Report {
  /** What became of messages as it must not; and what was found on the desktop, and is not there any more. */
  readonly wrongs: readonly string[];
  readonly missing: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const QUIET_MS = 240_000;
/** So long after a driver was killed the next one may take to serve the person's text again, in milliseconds. */
const BACK_MS = 5_000;
const BODIES = HARD_BODY_LIST.filter((body) => ![...PERSONS_LETTERS].some((letter) => body.includes(letter)));
const PRIORITIES = ["normal", "normal", "normal", "high", "urgent"] as const;

/** An editable element grows with all that was ever typed into it, for undo: after 700 messages its page takes seconds for a key. */
const DELIVERIES_A_SCENE = 250;

export async function deliverUnderSabotage(options: Options): Promise<Report> {
  const random = seededRandom(options.seed);
  const rounds: Round[] = [];
  const told: Told[] = [];
  for (let left = options.deliveries; left > 0; left -= DELIVERIES_A_SCENE)
    told.push(...(await playScene(options, Math.min(left, DELIVERIES_A_SCENE), random, rounds)));
  return reportOf(rounds, told);
}

/** Adds to `rounds`; returns what the saboteurs did. */
async function playScene(
  options: Options,
  deliveries: number,
  random: () => number,
  rounds: Round[],
): Promise<readonly Told[]> {
  const scene = await openScene();
  const { stage, workspace } = scene;
  let saboteurs: Saboteurs | null = null;
  try {
    const company = { stage, agents: AGENTS, person: PERSON, root: workspace.root };
    saboteurs = await startSaboteurs({ ...company, ...options, seed: options.seed + rounds.length });
    for (let left = deliveries; left > 0; left -= options.perRound)
      rounds.push(
        await playRound(scene, saboteurs, options, Math.min(left, options.perRound), random, rounds.length),
      );
    return saboteurs.told();
  } finally {
    await saboteurs?.stop();
    await scene.stop();
  }
}

interface Round {
  readonly wrongs: readonly string[];
  readonly missing: readonly string[];
  readonly tracker: Tracker;
  readonly sent: readonly Sent[];
  /** Finished while the sabotage went on; and put in line again after it. */
  readonly finishedMeanwhile: number;
  readonly retried: number;
}

async function playRound(
  scene: Scene,
  saboteurs: Saboteurs,
  options: Options,
  deliveries: number,
  random: () => number,
  round: number,
): Promise<Round> {
  const { stage, workspace } = scene;
  stage.pages.forget();
  const drafts = await layDrafts(scene, round);
  const clipboard = `the person's clipboard of round ${round}`;
  await stage.person.setClipboard(clipboard);
  const from = saboteurs.told().length;
  saboteurs.resume();
  const sent = await sendAll(workspace, deliveries, random);
  const finishedMeanwhile = await finishedWithin(workspace, sent, options.roundMs);
  await saboteurs.pause();
  const isOver = (now: Tracker) => sent.every(({ id }) => isFinished(now[id]?.status));
  const tellStories = async (error: unknown) => {
    console.info([`round ${round} does not end`, ...(await storiesOf(scene, sent))].join("\n"));
    throw error;
  };
  const allOver = () => trackerSays(workspace, isOver, QUIET_MS).catch(tellStories);
  await allOver();
  const retried = await workspace.json<RetryJson>(["retry-failed", "--timeout", "200s"]).catch(() => null);
  const tracker = await allOver();
  const wrongs = wrongsOf(scene, sent, tracker).map((wrong) => `round ${round}: ${wrong}`);
  const missing = [
    ...(await draftWrongs(scene, drafts)),
    ...(await clipboardWrongs(scene, clipboard, saboteurs.told().slice(from), saboteurs.killedAt())),
  ].map((wrong) => `round ${round}: ${wrong}`);
  console.info(`round ${round}: ${finishedMeanwhile} of ${sent.length} finished during the sabotage`);
  const unconfirmed = sent
    .filter(({ id }) => tracker[id]?.status === "unconfirmed")
    .map(({ id, recipient }) => `unconfirmed: ${recipient} ${id}: ${tracker[id]?.error?.message}`);
  if (unconfirmed.length > 0) console.info(unconfirmed.join("\n"));
  if (wrongs.length + missing.length + unconfirmed.length > 0)
    console.info([...wrongs, ...missing, ...(await storiesOf(scene, sent))].join("\n"));
  return { wrongs, missing, tracker, sent, finishedMeanwhile, retried: retried?.messages.length ?? 0 };
}

/** Broadcasts and single messages, of all priorities. */
async function sendAll(workspace: Workspace, count: number, random: () => number): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  while (sent.length < count) {
    const body = `${pick(random, BODIES)}\nnumber ${sent.length}`;
    const isForAll = count - sent.length >= AGENTS.length && random() < 0.5;
    const to = isForAll ? ["broadcast"] : ["send", pick(random, AGENTS)];
    const args = [...to, "-", "--no-wait", "--priority", pick(random, PRIORITIES)];
    const printed = await workspace.json<BroadcastJson & SendJson>(args, { input: body });
    for (const { id, recipient } of printed.messages ?? [printed]) sent.push({ id, recipient, body });
  }
  return sent;
}

async function finishedWithin(workspace: Workspace, sent: readonly Sent[], ms: number): Promise<number> {
  const end = performance.now() + ms;
  for (;;) {
    const tracker = await trackerSays(workspace, () => true);
    const finished = sent.filter(({ id }) => isFinished(tracker[id]?.status)).length;
    if (finished === sent.length || performance.now() > end) return finished;
    await delay(100);
  }
}

function isFinished(status: string | undefined): boolean {
  return status !== undefined && status !== "queued" && status !== "delivering";
}

async function draftWrongs(scene: Scene, drafts: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const now = await textsIn(scene);
  const persons = withoutPersons((await scene.stage.pages.state(PERSON)).text);
  return [
    ...[...drafts].flatMap(([name, draft]) =>
      now.get(name) === draft
        ? []
        : [`${name} held ${JSON.stringify(draft)} and holds ${JSON.stringify(now.get(name))}`],
    ),
    ...(persons === "" ? [] : [`the person's page holds ${JSON.stringify(persons)}`]),
  ];
}

async function clipboardWrongs(
  { stage }: Scene,
  first: string,
  told: readonly Told[],
  killedAt: number,
): Promise<readonly string[]> {
  const mayRemain = clipboardsThatMayRemain(first, told);
  let now = await stage.person.clipboard();
  const isRight = () => now !== null && mayRemain.includes(now);
  while (!isRight() && performance.now() < killedAt + BACK_MS) now = await stage.person.clipboard();
  if (isRight()) return [];
  const lately = told
    .filter(({ did, kind }) => did === "wrote" || did === "lost" || kind === "killer")
    .slice(-6);
  return [
    `the clipboard holds ${JSON.stringify(now)} instead of ${mayRemain.join(" or ")}; ${JSON.stringify(lately)}`,
  ];
}

function reportOf(rounds: readonly Round[], told: readonly Told[]): Report {
  const entries = rounds.flatMap(({ sent, tracker }) => sent.flatMap(({ id }) => tracker[id] ?? []));
  const wrongs = rounds.flatMap((round) => round.wrongs);
  const count = (word: string) => wrongs.filter((wrong) => wrong.includes(`: ${word}`)).length;
  const acts = (kind: string) =>
    told.filter((each) => each.kind === kind && (each.did === "acted" || each.did === "wrote")).length;
  const missing = rounds.flatMap((round) => round.missing);
  const missed = (word: string) => missing.filter((each) => each.includes(word)).length;
  return {
    wrongs,
    missing,
    figures: {
      deliveries: entries.length,
      delivered: entries.filter(({ status }) => status === "delivered").length,
      unconfirmed: entries.filter(({ status }) => status === "unconfirmed").length,
      misrouted: count("misrouted"),
      lost: count("lost"),
      twice: count("twice"),
      altered: count("altered"),
      "not delivered": count("not delivered"),
      "drafts changed": missed(" and holds "),
      "clipboards lost": missed("the clipboard holds"),
      "done during the sabotage": rounds.reduce((sum, round) => sum + round.finishedMeanwhile, 0),
      "further attempts": entries.reduce((sum, { retry_count }) => sum + retry_count, 0),
      "put in line again": rounds.reduce((sum, round) => sum + round.retried, 0),
      ...Object.fromEntries(
        ["thief", "vandal", "mover", "person", "freezer", "twin", "killer"].map((kind) => [kind, acts(kind)]),
      ),
    },
  };
}
