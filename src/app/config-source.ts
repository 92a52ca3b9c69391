/** The configuration as it is now, for a worker that runs for days. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { CONFIG_FILE, loadConfig } from "../config/load.ts";
import type { Log } from "../ports/log.ts";
import type { DeliverySettings, SettingsSource } from "../ports/settings.ts";
import { PAUSED_FOLDER, type Pauses, pauseFor, readPauses } from "../spool/pauses.ts";
import { isSystemError } from "../support/system-error.ts";

export class ConfigSource implements SettingsSource {
  readonly #env: NodeJS.ProcessEnv;
  #pauses: Pauses = { all: null, agents: new Map() };
  #pausesSeen = "";
  readonly #log: Log;
  #config: Config;
  #settings: DeliverySettings;
  #seen: string;

  constructor(config: Config, env: NodeJS.ProcessEnv, log: Log) {
    this.#config = config;
    this.#settings = this.#settingsOf(config);
    this.#env = env;
    this.#log = log;
    this.#seen = fingerprint(config.root);
  }

  /** Costs two system calls while nothing has changed. */
  config(): Config {
    const seen = fingerprint(this.#config.root);
    if (seen === this.#seen) return this.#config;
    this.#seen = seen;
    const loaded = loadConfig(this.#config.root, this.#env);
    if (loaded.ok) {
      this.#config = loaded.config;
      this.#settings = this.#settingsOf(loaded.config);
      this.#log.write("config_read");
    } else {
      const [first] = loaded.problems;
      const problem = first ? `${first.path} ${first.message}`.trim() : null;
      this.#log.write("config_broken", {
        file: loaded.file,
        problems: loaded.problems.length,
        first: problem,
      });
    }
    return this.#config;
  }

  current(): DeliverySettings {
    this.config();
    this.#lookForPauses();
    return this.#settings;
  }

  /** Costs one system call while nothing has changed. While the folder can't be read, what was paused last stays so. */
  #lookForPauses(): void {
    const seen = identity(pausedFolder(this.#config.root));
    if (seen === this.#pausesSeen) return;
    try {
      this.#pauses = readPauses(this.#config.root);
      this.#pausesSeen = seen;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#log.write("pauses_unreadable", { reason: error.message });
    }
  }

  #settingsOf({ agents, delivery, alerts }: Config): DeliverySettings {
    return {
      agents,
      retry: delivery,
      attemptTimeoutMs: delivery.attemptTimeoutMs,
      text: delivery,
      isJoining: delivery.join,
      metricsWindowMs: alerts.windowMs,
      isPaused: (agent) => pauseFor(agent, this.#pauses) !== null,
    };
  }
}

function pausedFolder(root: string): string {
  return join(root, ...PAUSED_FOLDER);
}

/** Changes when the file does, or the folders that are agents too. */
function fingerprint(root: string): string {
  return [join(root, CONFIG_FILE), join(root, "agent_workspaces")].map(identity).join(" ");
}

function identity(path: string): string {
  try {
    const stats = statSync(path);
    return `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
  } catch (error) {
    return isSystemError(error) ? error.code : "unreadable";
  }
}
