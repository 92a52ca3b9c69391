/** `swarm calibrate --check` and `--picture`: what is still as swarm was shown it. Types nothing. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Check, type Checked, checkCalibration, type PlacedAgent } from "../app/check-calibration.ts";
import type { Config } from "../config/config.ts";
import { EXIT, type ExitCode, needsPerson, SwarmError } from "../domain/errors.ts";
import { usageError } from "../library/failure.ts";
import { iso } from "../library/message-json.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import { combinedExitCode } from "./outcome.ts";
import { isTerminal, terminalWidth } from "./output.ts";
import { counted, length, oneLine, type Paint, wrapped } from "./render.ts";
import type { Session } from "./session.ts";

export interface CheckFlags {
  /** A line for each agent is wanted, not only for those that are not fresh. */
  readonly isCheck: boolean;
  readonly picture: string | undefined;
}

export async function tellCheck(
  session: Session,
  config: Config,
  agents: readonly PlacedAgent[],
  { isCheck, picture }: CheckFlags,
): Promise<ExitCode> {
  if (picture !== undefined && !agents.some(({ transport }) => transport === "desktop"))
    throw usageError("there is no agent in a window to draw", "see the others with: swarm calibrate --check");
  const at = Date.now();
  const display = session.env["DISPLAY"] || null;
  const isPictureWanted = picture !== undefined;
  const check = await checkCalibration({ config, agents, display, isPictureWanted });
  const drawn = picture === undefined ? null : await savePicture(resolve(picture), check, at);
  session.json({ agents: check.checked.map(checkedJson), picture: drawn });
  await show(session, check.checked, isCheck, at);
  if (drawn !== null)
    session.say(`${drawn.file}: ${drawn.width} × ${drawn.height}, ${counts(check.checked)}`);
  else session.note(check.checked.length === 0 ? NOTHING : counts(check.checked));
  return combinedExitCode(check.checked.map(exitCodeOf));
}

const NOTHING = "no agent has a window or a pane: there is nothing to check";

/** Stale ones are told in any case, also with `--quiet`. */
async function show(
  session: Session,
  checked: readonly Checked[],
  isCheck: boolean,
  now: number,
): Promise<void> {
  const { quiet, json } = session.flags;
  if (isCheck && !quiet) return session.show(checkView(checked, now, columnsOf(), await session.paint()));
  if (json && !quiet) return;
  for (const { agent, error } of checked)
    if (error !== null) session.explain({ what: `${agent.name}: ${error.message}`, hint: error.hint });
}

function exitCodeOf({ state, error }: Checked): ExitCode {
  if (state === "fresh") return EXIT.done;
  return state === "stale" || (error !== null && needsPerson(error.code)) ? EXIT.personNeeded : EXIT.failed;
}

/** As long as they are where there is no terminal, for scripts and logs. */
function columnsOf(): number {
  return isTerminal("stdout") ? terminalWidth() : Number.POSITIVE_INFINITY;
}

/** One line for each, broken to the width of the terminal, and below it what to do. */
function checkView(checked: readonly Checked[], now: number, columns: number, paint: Paint): string {
  const nameWidth = Math.max(0, ...checked.map(({ agent }) => agent.name.length));
  return checked
    .map(({ agent, state, detail, error, calibratedAt }) => {
      const start = `${state.padEnd(STATE_WIDTH)}${agent.name.padEnd(nameWidth)}  `;
      const indent = " ".repeat(start.length);
      const age = calibratedAt === null ? "" : `; calibrated ${length(Math.max(0, now - calibratedAt))} ago`;
      const lines = wrapped(`${oneLine(detail)}${age}`, columns, start, indent);
      const todo =
        error === null ? "" : `${paint.strong(wrapped(oneLine(error.hint), columns, indent, indent))}\n`;
      return `${brushOf(state, paint)(lines.slice(0, state.length))}${lines.slice(state.length)}\n${todo}`;
    })
    .join("");
}

const STATE_WIDTH = 9;

function brushOf(state: Checked["state"], paint: Paint) {
  return { fresh: paint.good, stale: paint.bad, unknown: paint.warn }[state];
}

function counts(checked: readonly Checked[]): string {
  const count = (state: Checked["state"]) => checked.filter((each) => each.state === state).length;
  const [fresh, stale, unknown] = [count("fresh"), count("stale"), count("unknown")];
  const rest = [
    ...(stale > 0 ? [`${stale} stale`] : []),
    ...(unknown > 0 ? [`${unknown} not to be seen`] : []),
  ];
  return `${counted(checked.length, "agent")}, ${[`${fresh} fresh`, ...rest].join(", ")}`;
}

function checkedJson({ agent, state, detail, error, calibratedAt, look }: Checked) {
  return {
    agent: agent.name,
    transport: agent.transport,
    state,
    detail,
    calibrated_at: calibratedAt === null ? null : iso(calibratedAt),
    window: look?.window ? { title: look.window.title, ...look.window.rect } : null,
    point: look?.point ?? null,
    covered_by: look?.cover?.title ?? null,
    error,
  };
}

async function savePicture(file: string, { desktop, image, checked }: Check, at: number) {
  const unseen = checked.find(({ state }) => state === "unknown")?.error;
  if (desktop === null || image === null) {
    const exit = unseen && needsPerson(unseen.code) ? EXIT.personNeeded : EXIT.failed;
    const hint = unseen?.hint ?? "run: swarm doctor";
    throw new SwarmError(
      exit,
      `no picture can be made: ${unseen?.message ?? "the screen can't be seen"}`,
      hint,
    );
  }
  const { drawPicture } = await import("../app/picture/draw-picture.ts");
  const { png, width, height } = await drawPicture(desktop, image, at);
  try {
    // What is on the screen is for its user alone.
    writeFileSync(file, png, { mode: 0o600 });
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const what = `the picture can't be written to ${file}: ${reasonOf(cause)}`;
    throw new SwarmError(EXIT.notStored, what, "name another file, or make room");
  }
  return { file, width, height };
}
