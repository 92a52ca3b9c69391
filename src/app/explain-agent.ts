/** What would happen to a message for an agent now, and what stands in its way: looked at, nothing typed. */
import type { Config } from "../config/config.ts";
import type { Agent, DesktopAgent, TmuxAgent } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import { type AgentCounts, NO_MESSAGES, readOverview } from "../spool/overview.ts";
import { type Pause, pauseFor, readPauses } from "../spool/pauses.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { inspectPane } from "../transports/tmux/inspect.ts";
import { measuredWindows } from "./calibration-file.ts";
import { type LearnedDelay, readLearnedDelays } from "./learned-delays.ts";
import { lookAtWindows, type WindowLook } from "./look-at-windows.ts";
import { paneState } from "./pane-state.ts";
import { withHands } from "./with-hands.ts";

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
  { root, profiles }: Config,
  display: string | null,
): Promise<Looked> {
  const profile = profiles.has(agent.profile) ? agent.profile : `${agent.profile}, which is not known`;
  const named = [
    ["display", display ?? "none"],
    ["profile", profile],
  ] as const;
  const looked = await withHands({ display, purpose: "swarm explain", lineMs: LINE_MS }, async (hands) => {
    const { looks } = await lookAtWindows(hands, [agent], measuredWindows(root));
    return { look: looks[0], idleMs: await hands.humanIdleMs() };
  });
  if (!looked.ok) return { facts: named, obstacles: [looked.error] };
  const { look, idleMs } = looked.value;
  return {
    facts: [...named, ...(look ? factsOf(look) : []), ["the person", describeIdle(idleMs)]],
    obstacles: look?.obstacle ? [look.obstacle] : [],
  };
}

function factsOf({ agent, window, point, cover, obstacle, staleness }: WindowLook): Explanation["facts"] {
  if (window === null || point === null) return [["window", agent.windowTitle]];
  const { input } = agent;
  const { x, y, width, height } = window.rect;
  const place = `${width} × ${height} at ${x}, ${y}${window.isMinimised ? ", minimised" : ""}`;
  return [
    ["window", `"${window.title}", ${place}`],
    ["input point", `${input.x}, ${input.y} from ${input.from}: ${point.x}, ${point.y} on the screen`],
    ...(cover === null
      ? []
      : ([["in front of it", `"${cover.title}"; the window is raised for a message`]] as const)),
    ...(staleness === null || obstacle !== null ? [] : ([["calibration", staleness.message]] as const)),
  ];
}

function describeIdle(idleMs: number): string {
  return Number.isFinite(idleMs) ? `has paused for ${Math.round(idleMs / 1_000)} s` : "is not there";
}
