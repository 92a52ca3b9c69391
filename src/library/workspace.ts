/** The workspace that is meant, found and read. */
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { findRoot, type RootSource } from "../config/root.ts";
import { EXIT, SwarmError } from "../domain/errors.ts";
import { hasCode } from "../support/system-error.ts";
import { ConfigError } from "./failure.ts";

/** A workspace, and the environment of whoever asks: senders and displays come from it, and a worker that is started gets it. */
export interface Place {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
}

export interface Root {
  readonly root: string;
  readonly source: RootSource;
}

/** `named`: by `--root` or a program, or undefined. Throws SwarmError where there is none. */
export function rootOf(named: string | undefined, env: NodeJS.ProcessEnv): Root {
  const found = findRoot({ flag: named, env, cwd: currentFolder() });
  if (!found.ok) throw new SwarmError(EXIT.usage, found.message, found.hint);
  return found;
}

/** Throws SwarmError where the configuration is wrong. */
export function configOf(root: string, env: NodeJS.ProcessEnv): Config {
  const loaded = loadConfig(root, env);
  if (!loaded.ok) throw new ConfigError(loaded.file, loaded.problems);
  return loaded.config;
}

/** Throws SwarmError when the current folder was removed. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    if (!hasCode(cause, "ENOENT")) throw cause;
    throw new SwarmError(
      EXIT.usage,
      "the current folder does not exist any more",
      "change to another folder, and try again",
    );
  }
}
