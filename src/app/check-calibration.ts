/** What is still as `swarm calibrate` was shown it, and what is not: looked at, nothing typed, raised or moved. */
import type { Config } from "../config/config.ts";
import type { DesktopAgent, TmuxAgent } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Hands, ScreenImage } from "../ports/desktop.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { inspectPane } from "../transports/tmux/inspect.ts";
import { measuredPanes, measuredWindows } from "./calibration-file.ts";
import { type DesktopLook, lookAtWindows, type WindowLook } from "./look-at-windows.ts";
import { paneState } from "./pane-state.ts";
import { type WithHands, withHands } from "./with-hands.ts";

export type PlacedAgent = DesktopAgent | TmuxAgent;

export interface Checked {
  readonly agent: PlacedAgent;
  /** `unknown`: it could not be looked at. */
  readonly state: "fresh" | "stale" | "unknown";
  /** What was found there, in words. */
  readonly detail: string;
  /** Why it is not fresh, and what to do. */
  readonly error: DeliveryError | null;
  /** When it was calibrated, milliseconds since 1970; null: not known, or its place was changed by hand since. */
  readonly calibratedAt: number | null;
  /** Of an agent in a window that could be looked at. */
  readonly look: WindowLook | null;
}

export interface Check {
  /** In the order of the agents. */
  readonly checked: readonly Checked[];
  /** Null where no agent in a window was to be looked at, or none could be. */
  readonly desktop: DesktopLook | null;
  /** When it was asked for and could be had. */
  readonly image: ScreenImage | null;
}

export interface CheckRequest {
  readonly config: Config;
  readonly agents: readonly PlacedAgent[];
  /** Display of the calling process, or null. */
  readonly display: string | null;
  readonly isPictureWanted: boolean;
}

/** For others who hold the desktop: an attempt of theirs takes a second or so. */
const LINE_MS = 20_000;

export async function checkCalibration(request: CheckRequest): Promise<Check> {
  const { config, agents } = request;
  const onDesktop = agents.filter((agent) => agent.transport === "desktop");
  const inPanes = agents.filter((agent) => agent.transport === "tmux");
  const [panes, desktop] = await Promise.all([
    checkPanes(config, inPanes),
    onDesktop.length === 0 ? null : lookAtDesktop(request, onDesktop),
  ]);
  const windows = desktop === null ? [] : checkWindows(config, onDesktop, desktop);
  const found = new Map([...panes, ...windows].map((each) => [each.agent.name, each] as const));
  return {
    checked: agents.flatMap(({ name }) => found.get(name) ?? []),
    desktop: desktop?.ok ? desktop.value.look : null,
    image: desktop?.ok ? desktop.value.image : null,
  };
}

type Looked = { readonly look: DesktopLook; readonly image: ScreenImage | null };

function lookAtDesktop(
  { config, display, isPictureWanted }: CheckRequest,
  agents: readonly DesktopAgent[],
): Promise<WithHands<Looked>> {
  const request = {
    display: config.display ?? display,
    purpose: "swarm calibrate --check",
    lineMs: LINE_MS,
  };
  return withHands(request, async (hands: Hands) => ({
    look: await lookAtWindows(hands, agents, measuredWindows(config.root)),
    image: isPictureWanted ? await hands.image() : null,
  }));
}

function checkWindows(
  { root }: Config,
  agents: readonly DesktopAgent[],
  looked: WithHands<Looked>,
): readonly Checked[] {
  const measured = measuredWindows(root);
  const calibratedAt = (agent: DesktopAgent) => measured(agent)?.at ?? null;
  if (!looked.ok) {
    const { error } = looked;
    return agents.map((agent) => ({
      ...{ agent, state: "unknown" as const, detail: error.message, error },
      ...{ calibratedAt: calibratedAt(agent), look: null },
    }));
  }
  return looked.value.look.looks.map((look): Checked => {
    const { agent, staleness } = look;
    const rest = { agent, look, calibratedAt: calibratedAt(agent) };
    return staleness === null
      ? { ...rest, state: "fresh", detail: describe(look), error: null }
      : { ...rest, state: "stale", detail: staleness.message, error: staleness };
  });
}

function describe({ window, point, cover, isSeen, sharedWith }: WindowLook): string {
  if (window === null || point === null) return "";
  const behind = cover === null ? "on another workspace" : `behind "${cover.title}"`;
  const sight = window.isMinimised ? ", minimised" : isSeen ? "" : `, ${behind}`;
  const shared = sharedWith.length === 0 ? "" : `, the field of ${sharedWith.join(", ")} too`;
  return `"${window.title}", point ${point.x}, ${point.y}${sight}${shared}`;
}

async function checkPanes(
  { root, terminalProfiles }: Config,
  agents: readonly TmuxAgent[],
): Promise<readonly Checked[]> {
  const terminals = tmuxTerminals();
  const measured = measuredPanes(root);
  return Promise.all(
    agents.map(async (agent): Promise<Checked> => {
      const found = await inspectPane(terminals, agent, terminalProfiles);
      const rest = { agent, look: null, calibratedAt: measured(agent)?.at ?? null };
      if (!found.ok) return { ...rest, state: "stale", detail: found.error.message, error: found.error };
      const { where, chosen } = found;
      const detail = `pane ${where}, ${chosen.profile.name}; ${paneState(found).detail}`;
      return { ...rest, state: "fresh", detail, error: null };
    }),
  );
}
