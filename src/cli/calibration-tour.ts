/**
 * `swarm calibrate` for all agents, one after the other, with a person who puts the pointer where it belongs while a
 * countdown runs. What is done is kept at once, so a tour that was stopped goes on where it ended.
 */
import { asAgent, type CalibrateResult } from "../app/calibrate.ts";
import type { PaneCalibration } from "../app/calibrate-pane.ts";
import { type Checked, checkCalibration } from "../app/check-calibration.ts";
import type { Config } from "../config/config.ts";
import type { Agent, Point } from "../domain/agent.ts";
import { type ErrorCode, EXIT, type ExitCode } from "../domain/errors.ts";
import { countdown } from "./countdown.ts";
import { endByHangUp, type Keys, openKeys } from "./keys.ts";
import { combinedExitCode } from "./outcome.ts";
import { terminalWidth, writeErr } from "./output.ts";
import { type PaneFlags, paneCalibrated, paneJson, tellPaneFailure } from "./pane-calibration.ts";
import { counted, length, oneLine, wrapped } from "./render.ts";
import type { Session } from "./session.ts";
import { type Stop, tourTable } from "./tour-table.ts";
import { calibrateWindow, delaysText, tellWindow, windowJson, windowProfile } from "./window-calibration.ts";

export interface TourOptions {
  readonly countdownMs: number;
  /** Also those that are as swarm was shown them. */
  readonly isAgain: boolean;
  readonly flags: PaneFlags;
}

export async function calibrationTour(
  session: Session,
  config: Config,
  agents: readonly Agent[],
  options: TourOptions,
): Promise<ExitCode> {
  for (const agent of agents)
    if (agent.transport !== "tmux") windowProfile(agent, options.flags.profile, config);
  const keys = openKeys(process.stdin);
  try {
    return await new Tour(session, config, keys, options).through(agents);
  } finally {
    keys.close();
    if (keys.isHungUp) endByHangUp();
  }
}

class Tour {
  readonly #session: Session;
  readonly #config: Config;
  readonly #keys: Keys;
  readonly #options: TourOptions;
  /** Where the pointer was before the person was asked to put it somewhere. */
  #pointer: Point | null = null;
  #isTyping = false;
  /** Whose places are as they are now; those of the agents still to come may be old ones. */
  readonly #placed: Agent[] = [];

  constructor(session: Session, config: Config, keys: Keys, options: TourOptions) {
    this.#session = session;
    this.#config = config;
    this.#keys = keys;
    this.#options = options;
    keys.onStop(() => {
      if (this.#isTyping) say("  stopping; what was typed is removed first");
    });
  }

  async through(agents: readonly Agent[]): Promise<ExitCode> {
    const checked = await this.#look(agents);
    const kept = this.#options.isAgain ? [] : agents.filter(({ name }) => isKept(checked.get(name)));
    this.#placed.push(...kept);
    this.#tellKept(kept, agents.length);
    const stops = new Map<string, Stop>(kept.map(({ name }) => [name, { state: "kept" }]));
    const codes: ExitCode[] = [];
    let number = kept.length;
    for (const agent of agents) {
      if (kept.includes(agent) || this.#keys.isStopped) continue;
      number += 1;
      say("");
      say(`${number} of ${agents.length}: ${agent.name}${reasonFor(checked.get(agent.name))}`);
      const { stop, code } = await this.#visit(agent);
      stops.set(agent.name, stop);
      codes.push(code);
    }
    return this.#end(agents, stops, codes);
  }

  async #look(agents: readonly Agent[]): Promise<ReadonlyMap<string, Checked>> {
    const placed = agents.filter((agent) => agent.transport !== "inbox");
    const display = this.#session.env["DISPLAY"] || null;
    const request = { config: this.#config, agents: placed, display, isPictureWanted: false };
    const { checked, desktop } = await checkCalibration(request);
    this.#pointer = desktop?.pointer ?? null;
    return new Map(checked.map((each) => [each.agent.name, each]));
  }

  #tellKept(kept: readonly Agent[], count: number): void {
    if (kept.length === 0) return;
    const names = kept.map(({ name }) => name).join(", ");
    const all =
      kept.length === count ? "all agents are" : `${counted(kept.length, "agent")} of ${count} kept,`;
    const text = `${all} as swarm was shown before: ${names}; to do all anew: swarm calibrate --again`;
    say(wrapped(text, terminalWidth("stderr"), "", "  "));
  }

  #visit(agent: Agent): Promise<Visited> {
    return agent.transport === "tmux" ? this.#visitPane(agent) : this.#visitWindow(agent);
  }

  async #visitPane(agent: Agent): Promise<Visited> {
    const result = await paneCalibrated(this.#config, agent, this.#options.flags);
    if (!result.ok) return failed(result, tellPaneFailure(this.#session, agent.name, result));
    paneJson(this.#session, agent.name, result);
    say(`  pane ${result.where}, profile ${result.entry.profile} (${oneLine(result.why)})`);
    if (result.shownMs !== null) say(`  probe shown after ${length(result.shownMs)} and removed`);
    return { stop: { state: "calibrated", place: result.where, answerMs: result.shownMs }, code: EXIT.done };
  }

  async #visitWindow(agent: Agent): Promise<Visited> {
    say(wrapped(INSTRUCTION, terminalWidth("stderr"), "  ", "  "));
    const key = await countdown(this.#keys, this.#options.countdownMs, this.#session.isAnimated());
    if (key === "stop") return { stop: { state: "not yet" }, code: EXIT.done };
    if (key === "skip") return { stop: { state: "skipped" }, code: EXIT.done };
    this.#isTyping = true;
    const result = await calibrateWindow(this.#session, this.#config, agent, {
      profile: windowProfile(agent, this.#options.flags.profile, this.#config),
      others: this.#placed,
      at: null,
      // Enter says that it is in place, wherever that is.
      unmovedFrom: key === "enter" ? null : this.#pointer,
      pointerPlaced: () => Promise.resolve(),
      progress: (text) => say(`  ${oneLine(text)}`),
    });
    this.#isTyping = false;
    this.#pointer = result.point ?? this.#pointer;
    if (!result.ok) return failed(result, tellWindow(this.#session, agent.name, result));
    this.#placed.push(asAgent(agent.name, result.entry));
    windowJson(this.#session, agent.name, result);
    say(`  ${delaysText(result)}`);
    const { window, input } = result.entry;
    const delays = new Map(result.delays.map(({ step, medianMs }) => [step, medianMs]));
    return {
      stop: {
        state: "calibrated",
        place: window.title,
        input,
        raiseMs: delays.get("raise") ?? null,
        answerMs: delays.get("answer") ?? null,
      },
      code: EXIT.done,
    };
  }

  async #end(
    agents: readonly Agent[],
    stops: ReadonlyMap<string, Stop>,
    codes: readonly ExitCode[],
  ): Promise<ExitCode> {
    if (this.#keys.isHungUp) return EXIT.interrupted;
    say("");
    const paint = await this.#session.paint();
    this.#session.show(tourTable(agents, stops, this.#config.root, terminalWidth(), paint));
    const left = agents.filter(({ name }) => !DONE.has(stops.get(name)?.state ?? "not yet")).length;
    if (left > 0) this.#session.note(`${counted(left, "agent")} to go; go on with: swarm calibrate`);
    else this.#session.note("see it all on a picture: swarm calibrate --picture swarm.png");
    return this.#keys.isStopped ? EXIT.interrupted : combinedExitCode(codes);
  }
}

const INSTRUCTION = "Put the pointer over its input field and leave it there.";
const DONE: ReadonlySet<Stop["state"]> = new Set<Stop["state"]>(["kept", "calibrated"]);

interface Visited {
  readonly stop: Stop;
  readonly code: ExitCode;
}

function failed(result: (CalibrateResult | PaneCalibration) & { ok: false }, code: ExitCode): Visited {
  return { stop: { state: "failed", code: result.error.code }, code };
}

/** It was calibrated, by all that is known, is still as it was then, and no other's as well. */
function isKept(checked: Checked | undefined): boolean {
  return checked?.state === "fresh" && checked.calibratedAt !== null && sharedWith(checked).length === 0;
}

function sharedWith({ look }: Checked): readonly string[] {
  return look?.sharedWith ?? [];
}

/** Why what was shown before counts no more, shorter than the errors say it. */
const REASONS: Partial<Record<ErrorCode, string>> = {
  window_not_found: "whose window is not there any more",
  window_ambiguous: "whose window has the title of another one",
  calibration_stale: "whose window or screen has another size now",
  point_off_screen: "whose input point no screen shows",
  pane_not_found: "whose pane is not there any more",
  pane_ambiguous: "whose pane's name means several",
};

function reasonFor(checked: Checked | undefined): string {
  if (!checked || checked.calibratedAt === null) return "";
  const { error } = checked;
  const shared = sharedWith(checked);
  if (shared.length > 0) return `, whose input field is that of ${shared.join(", ")} too`;
  return error === null ? "" : `, ${REASONS[error.code] ?? error.code}`;
}

/** What a person on a tour reads, also with `--quiet`: without it nobody would know what to do. */
function say(text: string): void {
  writeErr(`${text}\n`);
}
