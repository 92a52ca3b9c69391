/** Which folder is the workspace. */
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isSystemError } from "../support/system-error.ts";
import { CONFIG_FILE } from "./load.ts";

export type RootResult =
  | { readonly ok: true; readonly root: string; readonly source: RootSource }
  | { readonly ok: false; readonly message: string; readonly hint: string };

export type RootSource = "--root" | "SWARM_ROOT" | "folder";

export interface RootRequest {
  /** Value of `--root`, or undefined. */
  readonly flag: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** `--root`, else `SWARM_ROOT`, else the nearest folder at or above the current one that holds a workspace. */
export function findRoot({ flag, env, cwd }: RootRequest): RootResult {
  if (flag !== undefined) return named(flag, "--root", cwd);
  const variable = env["SWARM_ROOT"];
  if (variable) return named(variable, "SWARM_ROOT", cwd);
  const looked = foldersUp(resolve(cwd));
  const root = looked.find(isWorkspace);
  if (root !== undefined) return { ok: true, root, source: "folder" };
  return {
    ok: false,
    message: `no workspace: neither swarm.json nor agent_workspaces/ in ${looked.join(", ")}`,
    hint: "make one here with `swarm init`, or name one with --root DIR or SWARM_ROOT",
  };
}

/** A named folder need not hold anything yet, but it must be one. */
function named(value: string, source: "--root" | "SWARM_ROOT", cwd: string): RootResult {
  const root = resolve(cwd, value);
  const stats = statsOf(root);
  if (stats?.isDirectory() && value !== "") return { ok: true, root, source };
  return {
    ok: false,
    message:
      value === ""
        ? `${source} is empty`
        : `${source} names ${root}, which ${stats ? "is not a folder" : "does not exist"}`,
    hint: "name the folder of a workspace; `swarm init` makes one in the current folder",
  };
}

function foldersUp(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUp(parent)];
}

function isWorkspace(folder: string): boolean {
  return (
    statsOf(join(folder, CONFIG_FILE)) !== undefined ||
    statsOf(join(folder, "agent_workspaces"))?.isDirectory() === true
  );
}

/** Undefined also where the folder may not be looked into: then it is not the nearest workspace that can be used. */
function statsOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    if (isSystemError(cause)) return undefined;
    throw cause;
  }
}
