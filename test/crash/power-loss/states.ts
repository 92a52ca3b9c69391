/**
 * What a disk may hold after its power was cut: the model of a file system that promises no more than it must.
 *
 * - Bytes that were not synced are there, in part, as zeros, or not at all; of several pages the later may be there
 *   without the earlier.
 * - A name is there for certain only once its folder was synced, and a rename once the folder that it leads to was. Names
 *   that were not synced come in any order; but a rename is one step, and what is done to one name is done in order.
 */
import { type Journal, type Node, type Place, ROOT, type Step } from "./journal.ts";

export type Tree = ReadonlyMap<string, Buffer | null>;
export type Random = () => number;

type NameStep = Extract<Step, { readonly at: Place }>;
const VARIANTS = ["all", "none", "half", "zeros", "hole", "gap"] as const;
type Variant = (typeof VARIANTS)[number];
const PAGE = 4096;
/** Up to so many steps all choices of them are made. */
const FEW = 4;
const SAMPLES = 6;

export interface CrashState {
  /** Paths below the root; null is a folder. */
  readonly tree: Tree;
  /** What was told to somebody before. */
  readonly told: readonly string[];
  /** All that was not synced is lost, just after somebody was told something. */
  readonly isBarest: boolean;
  /** For a person who looks for the fault. */
  readonly description: string;
}

/** The states in which a crash after the first `length` steps may leave the disk. */
export function statesAfter(journal: Journal, length: number, random: Random): readonly CrashState[] {
  const steps = [...journal.initial, ...journal.steps.slice(0, length)];
  const start = journal.initial.length;
  const names = namesOf(steps, start);
  const told = steps.flatMap((step) => (step.type === "told" ? [step.what] : []));
  const dirty = dirtyNodes(steps, start);
  const states: CrashState[] = [];
  const isTold = steps.at(-1)?.type === "told";
  for (const lost of losses(names, random)) {
    for (const pick of picks(dirty, random)) {
      const tree = treeOf(journal, steps, start, lost, pick);
      const kept = [...dirty].map((node) => `${node} ${pick(node)}`).join(", ");
      const without = [...lost].map((index) => describe(steps[index])).join(", ");
      const isBarest =
        isTold && lost.size === names.open.length && [...dirty].every((node) => pick(node) === "none");
      states.push({
        tree,
        told,
        isBarest,
        description: `step ${length}; without [${without}]; bytes [${kept}]`,
      });
    }
  }
  return states;
}

interface Names {
  /** Indexes of the steps that may be lost. */
  readonly open: readonly number[];
  /** By step: the earlier steps without which it can't be. */
  readonly needs: ReadonlyMap<number, readonly number[]>;
}

function namesOf(steps: readonly Step[], start: number): Names {
  const needs = new Map<number, readonly number[]>();
  const last = new Map<string, number>();
  const open = new Set<number>();
  const settle = (index: number) => {
    if (!open.delete(index)) return;
    for (const earlier of needs.get(index) ?? []) settle(earlier);
  };
  for (const [index, step] of steps.entries()) {
    if (step.type === "sync") for (const other of [...open]) if (isIn(steps[other], step.node)) settle(other);
    if (!isNameStep(step)) continue;
    const places = step.type === "move" ? [step.from, step.at] : [step.at];
    const keys = places.map(({ folder, name }) => `${folder}/${name}`);
    needs.set(
      index,
      keys.flatMap((key) => last.get(key) ?? []),
    );
    for (const key of keys) last.set(key, index);
    if (index >= start) open.add(index);
  }
  return { open: [...open], needs };
}

function isIn(step: Step | undefined, folder: Node): boolean {
  return step !== undefined && isNameStep(step) && step.at.folder === folder;
}

function isNameStep(step: Step): step is NameStep {
  return step.type === "link" || step.type === "move" || step.type === "unlink";
}

/** Sets of steps that never came to the disk. */
function losses({ open, needs }: Names, random: Random): readonly ReadonlySet<number>[] {
  const closed = (lost: Iterable<number>) => {
    const all = new Set(lost);
    for (const index of open) if (needs.get(index)?.some((earlier) => all.has(earlier))) all.add(index);
    return all;
  };
  const some = () => open.filter(() => random() < 0.5);
  const chosen =
    open.length <= FEW
      ? Array.from({ length: 2 ** open.length }, (_, bits) => open.filter((_, at) => (bits >> at) & 1))
      : [[], open, ...open.map((one) => [one]), ...Array.from({ length: SAMPLES }, some)];
  const found = new Map(chosen.map(closed).map((lost) => [[...lost].sort().join(), lost]));
  return [...found.values()];
}

function dirtyNodes(steps: readonly Step[], start: number): ReadonlySet<Node> {
  const dirty = new Set<Node>();
  for (const step of steps.slice(start)) {
    if (step.type === "write" || step.type === "cut") dirty.add(step.node);
    if (step.type === "sync") dirty.delete(step.node);
  }
  return dirty;
}

/** How the bytes of each file come out that were not synced: all alike, and mixed. */
function picks(dirty: ReadonlySet<Node>, random: Random): readonly ((node: Node) => Variant)[] {
  if (dirty.size === 0) return [() => "all"];
  const alike = VARIANTS.map((variant) => () => variant);
  if (dirty.size === 1) return alike;
  const mixed = new Map([...dirty].map((node) => [node, VARIANTS[Math.floor(random() * VARIANTS.length)]]));
  return [...alike, (node) => mixed.get(node) ?? "all"];
}

function treeOf(
  journal: Journal,
  steps: readonly Step[],
  start: number,
  lost: ReadonlySet<number>,
  pick: (node: Node) => Variant,
): Tree {
  const names = new Map<Node, Map<string, Node>>();
  const inside = (folder: Node) => names.get(folder) ?? names.set(folder, new Map()).get(folder);
  for (const [index, step] of steps.entries()) {
    if (!isNameStep(step) || lost.has(index)) continue;
    if (step.type === "move") inside(step.from.folder)?.delete(step.from.name);
    if (step.type === "unlink") inside(step.at.folder)?.delete(step.at.name);
    else inside(step.at.folder)?.set(step.at.name, step.node);
  }
  const tree = new Map<string, Buffer | null>();
  const walk = (folder: Node, path: string) => {
    for (const [name, node] of names.get(folder) ?? []) {
      const isFolder = journal.folders.has(node);
      tree.set(path + name, isFolder ? null : contentOf(node, steps, start, pick(node)));
      if (isFolder) walk(node, `${path}${name}/`);
    }
  };
  walk(ROOT, "");
  return tree;
}

function contentOf(node: Node, steps: readonly Step[], start: number, variant: Variant): Buffer {
  let synced: Buffer = Buffer.alloc(0);
  let full: Buffer = synced;
  for (const [index, step] of steps.entries()) {
    if (!("node" in step) || step.node !== node) continue;
    if (step.type === "write") full = written(full, step.offset, step.bytes);
    if (step.type === "cut") full = written(full.subarray(0, step.size), step.size, Buffer.alloc(0));
    if (step.type === "sync" || index < start) synced = full;
  }
  return outcome(synced, full, variant);
}

function outcome(synced: Buffer, full: Buffer, variant: Variant): Buffer {
  const same = commonLength(synced, full);
  const zeros = (from: number, until: number) =>
    Buffer.concat([full.subarray(0, from), Buffer.alloc(Math.max(0, until - from)), full.subarray(until)]);
  const lastPage = Math.max(same, Math.floor((full.length - 1) / PAGE) * PAGE);
  switch (variant) {
    case "all":
      return full;
    case "none":
      return synced;
    case "half":
      return full.subarray(0, same + Math.floor((full.length - same) / 2));
    case "zeros":
      return zeros(same, full.length);
    case "hole":
      // The last page came to the disk, and those before it did not.
      return zeros(same, lastPage);
    case "gap":
      // The first and the last page did.
      return zeros(Math.min((Math.floor(same / PAGE) + 1) * PAGE, lastPage), lastPage);
    default:
      return variant satisfies never;
  }
}

function commonLength(one: Buffer, other: Buffer): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}

function written(before: Buffer, offset: number, bytes: Buffer): Buffer {
  const after = Buffer.alloc(Math.max(before.length, offset + bytes.length));
  before.copy(after);
  bytes.copy(after, offset);
  return after;
}

function describe(step: Step | undefined): string {
  if (step === undefined || !isNameStep(step)) return "?";
  const name = ({ folder, name }: Place) => `${folder}/${name}`;
  return step.type === "move" ? `${name(step.from)} > ${name(step.at)}` : `${step.type} ${name(step.at)}`;
}
