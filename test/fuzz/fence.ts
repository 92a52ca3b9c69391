/**
 * A workspace with a fence around it: folders and files beside it that nobody may touch. All is made with a umask of 0, so
 * that a right which the program did not take away itself shows.
 */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { memoryFolder } from "../support/memory-folder.ts";

export class Fence {
  readonly outer: string;
  readonly root: string;
  /** Beside the workspace: a file and a folder with one. */
  readonly secret: string;
  readonly folder: string;
  readonly #mask = process.umask(0);
  readonly #beside: string;

  constructor(agents: readonly string[] = ["Agent-1"]) {
    this.outer = memoryFolder("swf-");
    this.root = join(this.outer, "ws");
    this.folder = join(this.outer, "beside");
    this.secret = join(this.folder, "secret.txt");
    mkdirSync(this.folder, { mode: 0o700 });
    writeFileSync(this.secret, "a secret\n", { mode: 0o600 });
    mkdirSync(this.root, { mode: 0o700 });
    for (const agent of agents)
      mkdirSync(join(this.root, "agent_workspaces", agent, "inbox"), { recursive: true, mode: 0o700 });
    this.#beside = this.#listBeside();
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** Puts something else in the place of whatever is there. */
  replace(place: string, put: (path: string) => void): void {
    const path = this.path(place);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(path, { recursive: true, force: true });
    put(path);
  }

  /** Throws when anything outside was made, changed or removed, or something inside may be used by others. */
  check(): void {
    this.checkBeside();
    const open = [...tree(this.root)].filter(({ path, stats }) => path !== this.root && isOpen(stats));
    if (open.length > 0)
      throw new Error(
        `others may use ${open.map(({ path, stats }) => `${this.#shown(path)} (${stats.mode.toString(8)})`).join(", ")}`,
      );
  }

  /** The same of what lies outside. */
  checkBeside(): void {
    const beside = this.#listBeside();
    if (beside !== this.#beside)
      throw new Error(`outside of the workspace it was\n${this.#beside}\nand is now\n${beside}`);
  }

  remove(): void {
    process.umask(this.#mask);
    removeFolder(this.outer);
  }

  #shown(path: string): string {
    return relative(this.outer, path);
  }

  #listBeside(): string {
    const entries = [
      ...readdirSync(this.outer)
        .map((name) => join(this.outer, name))
        .filter((path) => path !== this.root),
    ];
    return entries
      .flatMap((path) => [...tree(path)])
      .map(
        ({ path, stats }) =>
          `${this.#shown(path)} ${stats.mode.toString(8)} ${stats.mtimeMs} ${contentOf(path, stats)}`,
      )
      .join("\n");
  }
}

interface Entry {
  readonly path: string;
  readonly stats: Stats;
}

function* tree(path: string): Iterable<Entry> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  yield { path, stats };
  if (stats.isDirectory()) for (const name of readdirSync(path)) yield* tree(join(path, name));
}

/** The rights of a link say nothing. */
function isOpen(stats: Stats): boolean {
  return !stats.isSymbolicLink() && (stats.mode & 0o077) !== 0;
}

function contentOf(path: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return readlinkSync(path);
  return stats.isFile() ? JSON.stringify(readFileSync(path, "latin1").slice(0, 200)) : "";
}
