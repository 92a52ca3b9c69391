/** What a disk is told, in order: names that come and go, bytes, and what has to be on it before the call returns. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file or folder, whatever its name is at the moment. */
export type Node = number;
export const ROOT: Node = 0;

export interface Place {
  readonly folder: Node;
  readonly name: string;
}

export type Step =
  | { readonly type: "link"; readonly at: Place; readonly node: Node }
  | { readonly type: "move"; readonly from: Place; readonly at: Place; readonly node: Node }
  | { readonly type: "unlink"; readonly at: Place; readonly node: Node }
  | { readonly type: "write"; readonly node: Node; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: "cut"; readonly node: Node; readonly size: number }
  | { readonly type: "sync"; readonly node: Node }
  /** Something that the disk does not know of, and that nobody can take back: an id was printed, Enter was pressed. */
  | { readonly type: "told"; readonly what: string };

/** What was there, and on the disk, when the recording began, and all steps since. */
export class Journal {
  readonly steps: Step[] = [];
  readonly folders = new Set<Node>([ROOT]);
  readonly initial: Step[] = [];
  readonly #names = new Map<Node, Map<string, Node>>([[ROOT, new Map()]]);
  readonly #sizes = new Map<Node, number>();
  #next: Node = 1;

  constructor(root: string) {
    this.#load(root, ROOT);
    this.initial.push(...this.steps.splice(0));
  }

  told(what: string): void {
    this.steps.push({ type: "told", what });
  }

  node(path: string): Node | null {
    if (path === "") return ROOT;
    const folder = this.node(parentOf(path));
    return (folder !== null && this.#names.get(folder)?.get(basename(path))) || null;
  }

  create(path: string, isFolder: boolean): Node {
    const node = this.#next++;
    if (isFolder) {
      this.folders.add(node);
      this.#names.set(node, new Map());
    }
    const at = this.#place(path);
    this.#names.get(at.folder)?.set(at.name, node);
    this.steps.push({ type: "link", at, node });
    return node;
  }

  move(from: string, to: string): void {
    const node = this.#existing(from);
    const step: Step = { type: "move", from: this.#place(from), at: this.#place(to), node };
    this.#names.get(step.from.folder)?.delete(step.from.name);
    this.#names.get(step.at.folder)?.set(step.at.name, node);
    this.steps.push(step);
  }

  /** A folder with all that is in it. */
  remove(path: string): void {
    const node = this.node(path);
    if (node === null) return;
    for (const name of [...(this.#names.get(node)?.keys() ?? [])]) this.remove(join(path, name));
    const at = this.#place(path);
    this.#names.get(at.folder)?.delete(at.name);
    this.steps.push({ type: "unlink", at, node });
  }

  size(node: Node): number {
    return this.#sizes.get(node) ?? 0;
  }

  write(node: Node, offset: number, bytes: Buffer): void {
    this.#sizes.set(node, Math.max(this.size(node), offset + bytes.length));
    this.steps.push({ type: "write", node, offset, bytes: Buffer.from(bytes) });
  }

  cut(node: Node, size: number): void {
    if (this.size(node) === size) return;
    this.#sizes.set(node, size);
    this.steps.push({ type: "cut", node, size });
  }

  sync(node: Node): void {
    this.steps.push({ type: "sync", node });
  }

  #place(path: string): Place {
    return { folder: this.#existing(parentOf(path)), name: basename(path) };
  }

  #existing(path: string): Node {
    const node = this.node(path);
    if (node === null) throw new Error(`the journal does not know ${path}`);
    return node;
  }

  #load(path: string, folder: Node): void {
    if (!existsSync(path)) return;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const node = this.#next++;
      this.#names.get(folder)?.set(entry.name, node);
      this.steps.push({ type: "link", at: { folder, name: entry.name }, node });
      if (entry.isDirectory()) {
        this.folders.add(node);
        this.#names.set(node, new Map());
        this.#load(join(path, entry.name), node);
      } else this.write(node, 0, readFileSync(join(path, entry.name)));
    }
  }
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === "." ? "" : parent;
}
