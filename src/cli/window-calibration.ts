/** `swarm calibrate` for agents in windows: one of them, and what is told of it. */
import type { CalibrateRequest, CalibrateResult } from "../app/calibrate.ts";
import { calibrateAgent } from "../app/calibrate-agent.ts";
import type { Config } from "../config/config.ts";
import type { Agent } from "../domain/agent.ts";
import { calibrationExit, EXIT, type ExitCode } from "../domain/errors.ts";
import { length } from "./render.ts";
import type { Session } from "./session.ts";
import { unknownProfile } from "./unknown-profile.ts";

export type Placing = Pick<CalibrateRequest, "at" | "unmovedFrom" | "pointerPlaced" | "progress"> & {
  /** Those whose places can't be this agent's. */
  readonly others: Iterable<Agent>;
};

export function calibrateWindow(
  session: Session,
  config: Config,
  agent: Agent,
  { profile, others, ...placing }: Placing & { readonly profile: string },
): Promise<CalibrateResult> {
  return calibrateAgent(config, {
    ...placing,
    agent: agent.name,
    profile,
    others: [...others].flatMap((other) =>
      other.transport === "desktop" && other.name !== agent.name ? [other] : [],
    ),
    knownTitle: agent.transport === "desktop" ? agent.windowTitle : null,
    display: session.env["DISPLAY"] || null,
  });
}

/** The profile that is named, else the one it had. Throws SwarmError when there is none of that name. */
export function windowProfile(agent: Agent, flag: string | undefined, { profiles }: Config): string {
  const profile = flag ?? (agent.transport === "desktop" ? agent.profile : "chat");
  if (profiles.has(profile)) return profile;
  throw unknownProfile(profile, profiles, "agents in windows");
}

export function tellWindow(session: Session, name: string, result: CalibrateResult): ExitCode {
  if (!result.ok) {
    session.json({ agent: name, error: result.error });
    session.explain({ what: `${name}: ${result.error.message}`, hint: result.error.hint });
    return calibrationExit(result.error.code);
  }
  const { entry, configPath } = result;
  windowJson(session, name, result);
  session.say(
    `${name}: window "${entry.window.title}", ${entry.input.x}, ${entry.input.y} from ${entry.input.from}; ${delaysText(result)}`,
  );
  session.note(`written to ${configPath}; try: swarm send ${name} "hello"`);
  return EXIT.done;
}

export function windowJson(session: Session, name: string, result: CalibrateResult & { ok: true }): void {
  session.json({
    agent: name,
    entry: result.entry,
    delays: Object.fromEntries(result.delays.map(({ step, medianMs }) => [step, { median_ms: medianMs }])),
    file: result.configPath,
    error: null,
  });
}

export function delaysText({ delays }: CalibrateResult & { ok: true }): string {
  return delays.map(({ step, medianMs }) => `${step} ${length(medianMs)}`).join(", ");
}
