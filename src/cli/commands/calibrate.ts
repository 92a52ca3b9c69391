/** `swarm calibrate [AGENT]` */
import type { PlacedAgent } from "../../app/check-calibration.ts";
import type { Config } from "../../config/config.ts";
import type { Agent, Point } from "../../domain/agent.ts";
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { agentNamed } from "../../library/recipients.ts";
import { durationOption } from "../../library/send-values.ts";
import { tellCheck } from "../calibration-check.ts";
import { calibrationTour } from "../calibration-tour.ts";
import { type Action, type Define, type Given, isGiven, textOption } from "../command.ts";
import { endByHangUp } from "../keys.ts";
import { combinedExitCode } from "../outcome.ts";
import { isTerminal, writeErr } from "../output.ts";
import { calibrateInPane, type PaneFlags, tellPanes } from "../pane-calibration.ts";
import type { Session } from "../session.ts";
import { calibrateWindow, tellWindow, windowProfile } from "../window-calibration.ts";

export const defineCalibrate: Define = (definition, run) => {
  definition
    .argument("[agent]", "the agent (default: a tour of all with a window or pane)")
    .option("--at <x,y>", "the point on the screen instead of where the pointer is")
    .option("--panes", "list the tmux panes and what runs in them")
    .option("--pane <target>", "the tmux pane in which the agent runs")
    .option("--socket <socket>", "the tmux server, as for tmux -L or -S")
    .option("--profile <profile>", "how its input field behaves (default: as before, else what fits)")
    .option("--countdown <duration>", "how long there is to place the pointer on the tour (default: 5s)")
    .option("--again", "on the tour also those that are as swarm was shown them before")
    .option("--check", "find what is stale: nothing is typed, raised or moved; exits with 5 if anything is")
    .option(
      "--picture <file>",
      "draw the screen with windows, input points and names as a PNG file; types nothing",
    )
    .addHelpText("after", EXAMPLES)
    .action(run(calibrate));
};

const EXAMPLES = `
Types a probe, reads it back and removes it; submits nothing. Then writes
window, point and profile of the agent, or its pane and profile, to swarm.json.

Without an agent, all are done one after the other: put the pointer over each
input field while it counts down. Stopped and run again, it goes on.

Examples:
  swarm calibrate
  swarm calibrate --check --picture swarm.png
  swarm calibrate Agent-2
  swarm calibrate Agent-2 --at 840,960 --profile cursor
  swarm calibrate --panes
  swarm calibrate Agent-1 --pane work:1.0`;

const calibrate: Action = async (session, given) => {
  const { config } = session.workspace();
  const flags: PaneFlags = {
    pane: textOption(given, "pane"),
    socket: textOption(given, "socket"),
    profile: textOption(given, "profile"),
  };
  if (isGiven(given, "panes")) return tellPanes(session, config, flags.socket);
  const picture = textOption(given, "picture");
  if (isGiven(given, "check") || picture !== undefined)
    return tellCheck(session, config, toCheck(given, config), { isCheck: isGiven(given, "check"), picture });
  const agents = chosen(given.args[0], config);
  if (isTour(given)) {
    if (!isTerminal("stdin")) throw noTerminal();
    const isAgain = isGiven(given, "again") || given.args[0] !== undefined;
    const countdownMs = durationOption(textOption(given, "countdown") ?? COUNTDOWN, "--countdown");
    return calibrationTour(session, config, agents, { countdownMs, isAgain, flags });
  }
  if (flags.pane !== undefined && agents.length > 1)
    throw usageError(
      "one pane can't be that of several agents",
      "name the agent: swarm calibrate Agent-1 --pane work:1.0",
    );
  const isInPane = (agent: Agent) =>
    flags.pane !== undefined || (agent.transport === "tmux" && textOption(given, "at") === undefined);
  const codes: ExitCode[] = [];
  for (const agent of agents.filter(isInPane))
    codes.push(await calibrateInPane(session, config, agent, flags));
  const windows = agents.filter((agent) => !isInPane(agent));
  const last = windows.length > 0 ? await calibrateWindows(session, given, config, windows) : EXIT.done;
  return last === EXIT.interrupted ? last : combinedExitCode([...codes, last]);
};

const COUNTDOWN = "5s";

/** All agents where a person is there who sees them, or what only a tour has. */
function isTour(given: Given): boolean {
  if (["at", "pane"].some((name) => textOption(given, name) !== undefined)) return false;
  if (isGiven(given, "again") || textOption(given, "countdown") !== undefined) return true;
  return given.args[0] === undefined && isTerminal("stdin");
}

function noTerminal() {
  return usageError(
    "there is no terminal on which to say that the pointer is in place",
    "give the point: --at x,y",
  );
}

/** The agent that is named, else all that have a place. */
function toCheck(given: Given, config: Config): readonly PlacedAgent[] {
  const contrary = ["at", "pane", "profile"].find((name) => textOption(given, name) !== undefined);
  if (contrary !== undefined)
    throw usageError(
      `--${contrary} shows swarm a place, and --check and --picture only look`,
      "give one or the other",
    );
  const [name] = given.args;
  const agents = name === undefined ? [...config.agents.values()] : [agentNamed(name, config)];
  const placed = agents.filter((agent) => agent.transport !== "inbox");
  if (name !== undefined && placed.length === 0)
    throw usageError(
      `${name} has neither a window nor a pane: there is nothing to check`,
      `show swarm its window: swarm calibrate ${name}; or its tmux pane: swarm calibrate ${name} --pane PANE`,
    );
  return placed;
}

async function calibrateWindows(
  session: Session,
  given: Given,
  config: Config,
  agents: readonly Agent[],
): Promise<ExitCode> {
  const at = parsePoint(textOption(given, "at"));
  if (at && agents.length > 1)
    throw usageError(
      "one point can't be that of several agents",
      "name the agent: swarm calibrate Agent-2 --at x,y",
    );
  if (!at && !isTerminal("stdin")) throw noTerminal();
  const codes: ExitCode[] = [];
  for (const agent of agents) {
    const { result, isInterrupted } = await calibrateOne(session, config, agent, {
      at,
      profile: windowProfile(agent, textOption(given, "profile"), config),
    });
    codes.push(tellWindow(session, agent.name, result));
    if (isInterrupted) return EXIT.interrupted;
  }
  return combinedExitCode(codes);
}

/** Once something may be typed, Ctrl+C and a closed terminal wait until it is removed again. */
async function calibrateOne(
  session: Session,
  config: Config,
  agent: Agent,
  { at, profile }: { readonly at: Point | null; readonly profile: string },
) {
  let isInterrupted = false;
  let isHungUp = false;
  const onSignal = (signal: NodeJS.Signals) => {
    isInterrupted = true;
    isHungUp ||= signal === "SIGHUP";
    session.note("interrupted; what was typed is removed first");
  };
  const begin = () => {
    for (const signal of SIGNALS) process.on(signal, onSignal);
  };
  if (at) begin();
  try {
    const result = await calibrateWindow(session, config, agent, {
      profile,
      others: config.agents.values(),
      at,
      unmovedFrom: null,
      pointerPlaced: () => enterPressed(agent.name).then(begin),
      progress: (text) => session.note(text),
    });
    return { result, isInterrupted };
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    if (isHungUp) endByHangUp();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function chosen(name: string | undefined, config: Config): readonly Agent[] {
  const agents =
    name === undefined
      ? [...config.agents.values()].filter(({ transport }) => transport !== "inbox")
      : [agentNamed(name, config)];
  if (agents.length === 0)
    throw usageError(
      "no agent of this workspace has a window or a pane yet",
      "name the agent: swarm calibrate Agent-2 for its window, swarm calibrate Agent-2 --pane PANE for its tmux pane (swarm calibrate --panes lists them)",
    );
  return agents;
}

function parsePoint(text: string | undefined): Point | null {
  if (text === undefined) return null;
  const [, x, y] = /^(-?\d{1,6}),\s*(-?\d{1,6})$/.exec(text) ?? [];
  if (x !== undefined && y !== undefined) return { x: Number(x), y: Number(y) };
  throw usageError(
    `--at is no point of the screen: ${JSON.stringify(text)}`,
    "write it as x,y in pixels: --at 840,960 (to the left of the main screen: --at=-200,960)",
  );
}

/** Rejects with SwarmError when the terminal is closed instead. */
function enterPressed(name: string): Promise<void> {
  writeErr(`Place the pointer over the input field of ${name}, leave it there, and press Enter here. `);
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    const onData = () => {
      stdin.off("end", onEnd).pause();
      resolve();
    };
    const onEnd = () => {
      stdin.off("data", onData);
      reject(
        usageError("the pointer was not placed: the input ended", "press Enter when it is, or give --at x,y"),
      );
    };
    stdin.once("data", onData).once("end", onEnd).resume();
  });
}
