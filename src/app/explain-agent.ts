/** What would happen to a message for an agent now, and what stands in its way: looked at, nothing typed. */
import type { Config } from "../config/config.ts";
import { driverDesktop } from "../desktop/driver-client.ts";
import { type Agent, type DesktopAgent, screenPoint, type TmuxAgent, titleMatches } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { DesktopWindow, Hands } from "../ports/desktop.ts";
import { type AgentCounts, NO_MESSAGES, readOverview } from "../spool/overview.ts";
import { type Pause, pauseFor, readPauses } from "../spool/pauses.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { inspectPane } from "../transports/tmux/inspect.ts";
import { driverPath } from "./driver-path.ts";
import { type LearnedDelay, readLearnedDelays } from "./learned-delays.ts";
import { paneState } from "./pane-state.ts";

export interface Explanation {
  readonly agent: Agent;
  /** Names and values, for people. */
  readonly facts: readonly (readonly [string, string])[];
  readonly obstacles: readonly DeliveryError[];
  /** Null: not paused. */
  readonly pause: Pause | null;
  readonly counts: AgentCounts;
  readonly delays: ReadonlyMap<string, LearnedDelay>;
}

type Looked = Pick<Explanation, "facts" | "obstacles">;

/** For the desktop's lock, in milliseconds. */
const LINE_MS = 3_000;
/** `env`: of whoever would send. Throws the system's error when the workspace can't be read. */
export async function explainAgent(
  agent: Agent,
  config: Config,
  env: NodeJS.ProcessEnv,
): Promise<Explanation> {
  return {
    agent,
    ...(await lookAt(agent, config, env)),
    pause: pauseFor(agent.name, readPauses(config.root)),
    counts: readOverview(config.root, 0).agents.get(agent.name) ?? NO_MESSAGES,
    delays: readLearnedDelays(config.root).get(agent.name) ?? new Map(),
  };
}

async function lookAt(agent: Agent, config: Config, env: NodeJS.ProcessEnv): Promise<Looked> {
  switch (agent.transport) {
    case "inbox":
      return { facts: [["inbox", `agent_workspaces/${agent.name}/inbox`]], obstacles: [] };
    case "tmux":
      return lookAtPane(agent, config);
    case "desktop":
      return lookAtWindow(agent, config, config.display ?? (env["DISPLAY"] || null));
    default:
      return agent satisfies never;
  }
}

async function lookAtPane(agent: TmuxAgent, { terminalProfiles }: Config): Promise<Looked> {
  const named = [["pane", `${agent.pane} on the socket ${agent.socket}`]] as const;
  const found = await inspectPane(tmuxTerminals(), agent, terminalProfiles);
  if (!found.ok) return { facts: named, obstacles: [found.error] };
  const { where, chosen, reading } = found;
  const { detail, remedy } = paneState(found);
  const code =
    reading.kind === "dialog"
      ? "dialog_in_front"
      : reading.kind === "unknown"
        ? "screen_unknown"
        : "draft_present";
  return {
    facts: [
      ["pane", where === agent.pane ? where : `${agent.pane}, which is ${where}`],
      ["profile", `${chosen.profile.name} (${chosen.why})`],
      ["on its screen", detail],
    ],
    obstacles: remedy === "" ? [] : [{ code, message: `${agent.name}: ${detail}`, hint: remedy }],
  };
}

async function lookAtWindow(
  agent: DesktopAgent,
  { profiles }: Config,
  display: string | null,
): Promise<Looked> {
  const profile = profiles.has(agent.profile) ? agent.profile : `${agent.profile}, which is not known`;
  const named = [
    ["display", display ?? "none"],
    ["profile", profile],
  ] as const;
  const desktop = driverDesktop({ driverPath: driverPath(), onOutput: () => undefined });
  try {
    const acquired = await desktop.acquire(display, "swarm explain", LINE_MS, new AbortController().signal);
    if (!acquired.ok) return { facts: named, obstacles: [acquired.error] };
    const { hands } = acquired;
    try {
      const matches = (await hands.windows()).filter(({ title }) => titleMatches(agent.windowTitle, title));
      const looked = await lookWithHands(agent, matches, hands);
      return { ...looked, facts: [...named, ...looked.facts] };
    } finally {
      await hands.release();
    }
  } finally {
    await desktop.close();
  }
}

async function lookWithHands(
  agent: DesktopAgent,
  matches: readonly DesktopWindow[],
  hands: Hands,
): Promise<Looked> {
  const [window] = matches;
  if (!window || matches.length > 1) {
    const [code, hint] = window
      ? (["window_ambiguous", "close or rename the others, or make the title exact"] as const)
      : (["window_not_found", `open it, or: swarm calibrate ${agent.name}`] as const);
    const message = `${matches.length} windows have the title ${agent.windowTitle} of ${agent.name}`;
    return { facts: [["window", agent.windowTitle]], obstacles: [{ code, message, hint }] };
  }
  const { x, y, width, height } = window.rect;
  const point = screenPoint(agent.input, window.rect);
  const isInside = point.x >= x && point.y >= y && point.x < x + width && point.y < y + height;
  const cover = isInside && !window.isMinimised ? await hands.windowAt(point) : null;
  const idleMs = await hands.humanIdleMs();
  return {
    facts: [
      [
        "window",
        `"${window.title}", ${width} × ${height} at ${x}, ${y}${window.isMinimised ? ", minimised" : ""}`,
      ],
      [
        "input point",
        `${agent.input.x}, ${agent.input.y} from ${agent.input.from}: ${point.x}, ${point.y} on the screen`,
      ],
      ...(cover !== null && cover.id !== window.id
        ? ([["in front of it", `"${cover.title}"; the window is raised for a message`]] as const)
        : []),
      [
        "the person",
        Number.isFinite(idleMs) ? `has paused for ${Math.round(idleMs / 1_000)} s` : "is not there",
      ],
    ],
    obstacles: isInside || agent.input.from === "screen" ? [] : [outside(agent, window)],
  };
}

function outside({ name, input }: DesktopAgent, { rect }: DesktopWindow): DeliveryError {
  return {
    code: "calibration_stale",
    message: `the input point of ${name} (${input.x}, ${input.y} from ${input.from}) lies outside of its window, which is ${rect.width} × ${rect.height} now`,
    hint: `make the window larger, or: swarm calibrate ${name}`,
  };
}
