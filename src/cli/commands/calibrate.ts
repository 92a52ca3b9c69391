/** `swarm calibrate [AGENT]` */
import type { CalibrateResult } from "../../app/calibrate.ts";
import { calibrateAgent } from "../../app/calibrate-agent.ts";
import type { Config } from "../../config/config.ts";
import type { Agent, Point } from "../../domain/agent.ts";
import { EXIT, type ExitCode, needsPerson } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { agentNamed } from "../../library/recipients.ts";
import { type Action, type Define, type Given, isGiven, textOption } from "../command.ts";
import { combinedExitCode } from "../outcome.ts";
import { isTerminal, writeErr } from "../output.ts";
import { calibrateInPane, type PaneFlags, tellPanes } from "../pane-calibration.ts";
import { length } from "../render.ts";
import type { Session } from "../session.ts";
import { unknownProfile } from "../unknown-profile.ts";

export const defineCalibrate: Define = (definition, run) => {
  definition
    .argument("[agent]", "the agent (default: all with a window or pane, one after the other)")
    .option("--at <x,y>", "the point on the screen instead of where the pointer is")
    .option("--panes", "list the tmux panes and what runs in them")
    .option("--pane <target>", "the tmux pane in which the agent runs")
    .option("--socket <socket>", "the tmux server, as for tmux -L or -S")
    .option("--profile <profile>", "how its input field behaves (default: as before, else what fits)")
    .addHelpText("after", EXAMPLES)
    .action(run(calibrate));
};

const EXAMPLES = `
Types a probe, reads it back and removes it; submits nothing. Then writes
window, point and profile of the agent, or its pane and profile, to swarm.json.

Examples:
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
  const agents = chosen(given.args[0], config);
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
  if (!at && !isTerminal("stdin")) {
    throw usageError(
      "there is no terminal on which to say that the pointer is in place",
      "give the point: --at x,y",
    );
  }
  const codes: ExitCode[] = [];
  for (const agent of agents) {
    const { result, isInterrupted } = await calibrateOne(session, config, agent, {
      at,
      profile: profileFor(agent, textOption(given, "profile"), config),
    });
    codes.push(tellResult(session, agent.name, result));
    if (isInterrupted) return EXIT.interrupted;
  }
  return combinedExitCode(codes);
}

/** Once something may be typed, Ctrl+C waits until it is removed again. */
async function calibrateOne(
  session: Session,
  config: Config,
  agent: Agent,
  { at, profile }: { readonly at: Point | null; readonly profile: string },
) {
  let isInterrupted = false;
  const onSignal = () => {
    isInterrupted = true;
    session.note("interrupted; what was typed is removed first");
  };
  const begin = () => void process.on("SIGINT", onSignal);
  if (at) begin();
  try {
    const result = await calibrateAgent(config, {
      agent: agent.name,
      profile,
      knownTitle: agent.transport === "desktop" ? agent.windowTitle : null,
      at,
      display: session.env["DISPLAY"] || null,
      pointerPlaced: () => enterPressed(agent.name).then(begin),
      progress: (text) => session.note(text),
    });
    return { result, isInterrupted };
  } finally {
    process.off("SIGINT", onSignal);
  }
}

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

function profileFor(agent: Agent, flag: string | undefined, { profiles }: Config): string {
  const profile = flag ?? (agent.transport === "desktop" ? agent.profile : "chat");
  if (profiles.has(profile)) return profile;
  throw unknownProfile(profile, profiles, "agents in windows");
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

function tellResult(session: Session, name: string, result: CalibrateResult): ExitCode {
  if (!result.ok) {
    session.json({ agent: name, error: result.error });
    session.explain({ what: `${name}: ${result.error.message}`, hint: result.error.hint });
    return needsPerson(result.error.code) ? EXIT.personNeeded : EXIT.failed;
  }
  const { entry, delays, configPath } = result;
  session.json({
    agent: name,
    entry,
    delays: Object.fromEntries(delays.map(({ step, medianMs }) => [step, { median_ms: medianMs }])),
    file: configPath,
    error: null,
  });
  const measured = delays.map(({ step, medianMs }) => `${step} ${length(medianMs)}`).join(", ");
  session.say(
    `${name}: window "${entry.window.title}", ${entry.input.x}, ${entry.input.y} from ${entry.input.from}; ${measured}`,
  );
  session.note(`written to ${configPath}; try: swarm send ${name} "hello"`);
  return EXIT.done;
}
