/** `swarm calibrate` for agents in tmux panes. */
import type { PaneCalibration } from "../app/calibrate-pane.ts";
import type { PaneView } from "../app/list-panes.ts";
import type { Config } from "../config/config.ts";
import type { Agent, TmuxAgent } from "../domain/agent.ts";
import { calibrationExit, EXIT, type ExitCode, SwarmError } from "../domain/errors.ts";
import { counted, length, oneLine, type Paint, table } from "./render.ts";
import type { Session } from "./session.ts";
import { unknownProfile } from "./unknown-profile.ts";

const DEFAULT_SOCKET = "default";

/** All panes of a server, with what runs in them and whose they are. */
export async function tellPanes(
  session: Session,
  config: Config,
  socket: string | undefined,
): Promise<ExitCode> {
  const { listPanes } = await import("../app/list-panes.ts");
  const name = socket ?? DEFAULT_SOCKET;
  const listed = await listPanes(config, name);
  if (!listed.ok) throw new SwarmError(EXIT.failed, listed.error.message, listed.error.hint);
  session.json({
    socket: name,
    panes: listed.panes.map(({ where, target, agent, profile, state, isReady }) => ({
      pane: target,
      where,
      profile: profile?.name ?? null,
      why: profile?.why ?? null,
      state,
      ready: isReady,
      agent,
    })),
  });
  const paint = await session.paint();
  session.show(table(listed.panes.map((pane) => rowOf(pane, paint))));
  session.note(
    `${counted(listed.panes.length, "pane")}; to give one to an agent: swarm calibrate AGENT --pane PANE`,
  );
  return EXIT.done;
}

function rowOf({ target, agent, profile, state, isReady }: PaneView, paint: Paint) {
  const kind = profile === null ? "" : `${profile.name} (${oneLine(profile.why)})`;
  const verdict = isReady
    ? { text: oneLine(state), paint: paint.good }
    : { text: oneLine(state), paint: paint.faint };
  return [{ text: target, paint: paint.strong }, agent ?? "", kind, verdict];
}

export interface PaneFlags {
  readonly pane: string | undefined;
  readonly socket: string | undefined;
  readonly profile: string | undefined;
}

/** Probes the agent in its pane and writes pane and profile. */
export async function calibrateInPane(
  session: Session,
  config: Config,
  agent: Agent,
  flags: PaneFlags,
): Promise<ExitCode> {
  return tellPane(session, agent.name, await paneCalibrated(config, agent, flags));
}

export async function paneCalibrated(
  config: Config,
  agent: Agent,
  flags: PaneFlags,
): Promise<PaneCalibration> {
  const { calibratePane } = await import("../app/calibrate-pane.ts");
  // Who names no pane is shown none: what stands in the file stays.
  const others = flags.pane === undefined ? [] : [...config.agents.values()];
  return calibratePane(
    config,
    paneAgent(agent, flags, config),
    others.flatMap((other) => (other.transport === "tmux" && other.name !== agent.name ? [other] : [])),
  );
}

/** The profile is looked for anew unless it is named: it may have been taken from another program. */
function paneAgent(agent: Agent, { pane, socket, profile }: PaneFlags, config: Config): TmuxAgent {
  const known = agent.transport === "tmux" ? agent : null;
  const target = pane ?? known?.pane;
  if (target === undefined) throw new Error("a pane was given or known");
  if (profile !== undefined && !config.terminalProfiles.has(profile))
    throw unknownProfile(profile, config.terminalProfiles, "agents in panes");
  return {
    name: agent.name,
    transport: "tmux",
    pane: target,
    socket: socket ?? known?.socket ?? DEFAULT_SOCKET,
    profile: profile ?? (pane === undefined ? (known?.profile ?? null) : null),
  };
}

function tellPane(session: Session, name: string, result: PaneCalibration): ExitCode {
  if (!result.ok) return tellPaneFailure(session, name, result);
  const { entry, where, why, shownMs, configPath, unkept } = result;
  paneJson(session, name, result);
  const probed =
    shownMs === null
      ? "nothing was typed, because this profile can't take a probe out again"
      : `probe shown after ${length(shownMs)} and removed`;
  session.say(`${name}: pane ${where}, profile ${entry.profile} (${why}); ${probed}`);
  if (unkept !== null) session.note(unkept);
  session.note(`written to ${configPath}; try: swarm send ${name} "hello"`);
  return EXIT.done;
}

export function tellPaneFailure(
  session: Session,
  name: string,
  { error }: PaneCalibration & { ok: false },
): ExitCode {
  session.json({ agent: name, error });
  session.explain({ what: `${name}: ${error.message}`, hint: error.hint });
  return calibrationExit(error.code);
}

export function paneJson(
  session: Session,
  name: string,
  { entry, shownMs, configPath }: PaneCalibration & { ok: true },
): void {
  session.json({
    agent: name,
    entry,
    delays: shownMs === null ? {} : { paste: { median_ms: shownMs } },
    file: configPath,
    error: null,
  });
}
