/** Shows swarm in which pane an agent runs: the pane, its profile, a live probe, and the entry in `swarm.json`. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { Drafts } from "../delivery/drafts.ts";
import { WorkerLog } from "../delivery/worker-log.ts";
import type { TmuxAgent } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Terminals } from "../ports/terminals.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { findPane } from "../transports/tmux/find-pane.ts";
import { inspectPane } from "../transports/tmux/inspect.ts";
import { probePane } from "../transports/tmux/probe.ts";
import { writeAgentEntry } from "./agent-entry.ts";
import { keepCalibration } from "./calibration-file.ts";
import { openTiming } from "./open-timing.ts";
import { systemClock, systemRandom } from "./system-world.ts";

export interface CalibratedPane {
  readonly transport: "tmux";
  readonly pane: string;
  readonly socket: string;
  readonly profile: string;
}

export type PaneCalibration =
  | {
      readonly ok: true;
      readonly entry: CalibratedPane;
      readonly where: string;
      readonly why: string;
      /** From the paste of the probe to its sight, in milliseconds; null: the profile can't take a probe out again. */
      readonly shownMs: number | null;
      readonly configPath: string;
      /** Why what was measured could not be kept; null: it was. */
      readonly unkept: string | null;
    }
  | { readonly ok: false; readonly error: DeliveryError };

/**
 * Looks, probes, and writes the entry only when the probe was read back and removed.
 * `others`: whose panes are known to be theirs; one pane can't be that of two.
 */
export async function calibratePane(
  config: Config,
  agent: TmuxAgent,
  others: readonly TmuxAgent[],
): Promise<PaneCalibration> {
  const { root, terminalProfiles } = config;
  mkdirSync(join(root, "runtime"), { recursive: true, mode: 0o700 });
  const terminals = tmuxTerminals();
  const timing = openTiming(config, new WorkerLog(join(root, "runtime", "worker.log"), systemClock));
  try {
    const found = await inspectPane(terminals, agent, terminalProfiles);
    if (!found.ok) return found;
    const owner = await ownerOf(terminals, agent.socket, found.where, others);
    if (owner !== null) return paneTaken(agent.name, found.where, owner);
    const { profile, why } = found.chosen;
    const hex = systemRandom.hex(4);
    const deps = { terminals, timing, clock: systemClock, profiles: () => terminalProfiles };
    const probed = await probePane(
      deps,
      { ...agent, profile: profile.name },
      {
        id: `probe_${hex}`,
        text: `swarm probe ${hex}: typed, read back and removed; never submitted`,
        display: null,
        saveDraft: (text) => new Drafts(root).save(`calibrate-${agent.name}`, text),
      },
    );
    if (!probed.ok) return probed;
    const { pane, socket } = agent;
    const entry: CalibratedPane = { transport: "tmux", pane, socket, profile: profile.name };
    const configPath = writeAgentEntry(root, agent.name, entry);
    const unkept = keepCalibration(root, agent.name, { at: systemClock.now(), pane, socket });
    return { ok: true, entry, where: found.where, why, shownMs: probed.shownMs, configPath, unkept };
  } finally {
    timing.flush();
  }
}

async function ownerOf(
  terminals: Terminals,
  socket: string,
  where: string,
  others: readonly TmuxAgent[],
): Promise<string | null> {
  for (const other of others) {
    if (other.socket !== socket) continue;
    const found = await findPane(terminals, other);
    if (found.ok && found.pane.where === where) return other.name;
  }
  return null;
}

function paneTaken(agent: string, where: string, owner: string): PaneCalibration & { ok: false } {
  return {
    ok: false,
    error: {
      code: "pane_ambiguous",
      message: `pane ${where} is that of ${owner}: what is sent to ${agent} would arrive there too; nothing was typed`,
      hint: `name the pane of ${agent} (swarm calibrate --panes lists them); if ${owner} is somewhere else now, show swarm that first`,
    },
  };
}
