/** Keeps the journal of a folder while a program works in it: the calls of node's fs, as they succeed. */
import { constants, readlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type DiskCall, interceptDisk } from "../../support/disk.ts";
import { Journal, type Node } from "./journal.ts";

interface Open {
  readonly node: Node;
  readonly isAppending: boolean;
  position: number;
}

/** Runs `run`, and gives what the disk was told below `root`. */
export async function recordDisk(root: string, run: (journal: Journal) => Promise<void>): Promise<Journal> {
  const recorder = new Recorder(root);
  const restore = interceptDisk((call) => {
    // Before the call: afterwards it can't be told whether the file was there.
    const note = recorder.noteOf(call);
    const result = call.proceed();
    note(result);
    return result;
  });
  try {
    await run(recorder.journal);
  } finally {
    restore();
  }
  return recorder.journal;
}

class Recorder {
  readonly journal: Journal;
  readonly #root: string;
  readonly #open = new Map<number, Open>();

  constructor(root: string) {
    this.#root = root;
    this.journal = new Journal(root);
  }

  /** What to note of this call, should it succeed. */
  noteOf({ operation, args }: DiskCall): (result: unknown) => void {
    const [first, second, third] = args as [string, string, number | undefined];
    switch (operation) {
      case "openSync":
        return (fd) => this.#opened(Number(fd), first, second);
      case "writeSync":
        return (count) => this.#written(Number(first), Buffer.from(second), third ?? 0, Number(count));
      case "writeFileSync":
        return () => this.#writtenWhole(first, Buffer.from(second));
      case "fsyncSync":
      case "fdatasyncSync":
        return () => this.#synced(Number(first));
      case "renameSync":
        return () =>
          this.#inside(first, (path) => this.journal.move(path, relative(this.#root, withoutHeld(second))));
      case "mkdirSync":
        return () => this.#madeFolder(first);
      case "rmSync":
      case "rmdirSync":
      case "unlinkSync":
        return () => this.#inside(first, (path) => this.journal.remove(path));
      case "truncateSync":
        return () => this.#inside(first, (path) => this.#cut(path, Number(second)));
      case "ftruncateSync":
        return () => this.#cutOpen(Number(first), Number(second));
      case "chmodSync":
        return () => undefined;
      default:
        return operation satisfies never;
    }
  }

  #opened(fd: number, path: string, flags: string | number | undefined): void {
    this.#open.delete(fd);
    this.#inside(path, (name) => {
      const isNew = this.journal.node(name) === null;
      const node = this.journal.node(name) ?? this.journal.create(name, false);
      const isCut =
        typeof flags === "number" ? (flags & constants.O_TRUNC) !== 0 : (flags?.startsWith("w") ?? false);
      if (!isNew && isCut) this.journal.cut(node, 0);
      const isAppending = typeof flags === "number" && (flags & constants.O_APPEND) !== 0;
      this.#open.set(fd, { node, isAppending, position: 0 });
    });
  }

  #written(fd: number, buffer: Buffer, offset: number, count: number): void {
    const open = this.#open.get(fd);
    if (!open) return;
    const at = open.isAppending ? this.journal.size(open.node) : open.position;
    this.journal.write(open.node, at, buffer.subarray(offset, offset + count));
    open.position = at + count;
  }

  #writtenWhole(path: string, bytes: Buffer): void {
    this.#inside(path, (name) => {
      const node = this.journal.node(name);
      if (node !== null) this.journal.cut(node, 0);
      this.journal.write(node ?? this.journal.create(name, false), 0, bytes);
    });
  }

  #synced(fd: number): void {
    const open = this.#open.get(fd);
    if (open) this.journal.sync(open.node);
  }

  #madeFolder(path: string): void {
    this.#inside(path, (name) => {
      if (this.journal.node(name) !== null) return;
      this.#madeFolder(dirname(join(this.#root, name)));
      this.journal.create(name, true);
    });
  }

  #cut(path: string, size: number): void {
    const node = this.journal.node(path);
    if (node !== null) this.journal.cut(node, size);
  }

  #cutOpen(fd: number, size: number): void {
    const open = this.#open.get(fd);
    if (open) this.journal.cut(open.node, size);
  }

  #inside(path: string, note: (path: string) => void): void {
    // The test runner's own calls pass by here too.
    if (typeof path !== "string") return;
    const inside = relative(this.#root, withoutHeld(path));
    if (!inside.startsWith("..")) note(inside);
  }
}

/** The path of what is named through a folder that is held open. */
function withoutHeld(path: string): string {
  const [held, number] = /^\/proc\/self\/fd\/(\d+)/.exec(path) ?? [];
  return held === undefined || number === undefined ? path : readlinkSync(held) + path.slice(held.length);
}
