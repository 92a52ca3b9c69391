/** What a saboteur is told when it starts, and what it tells. */

export const KINDS = ["thief", "vandal", "mover", "person", "freezer", "twin", "killer"] as const;
export type Kind = (typeof KINDS)[number];

export interface Plan {
  readonly kind: Kind;
  readonly display: string;
  /** Decides when it acts, where and how. */
  readonly seed: number;
  /** From one act to the next, in milliseconds: at least, at most. */
  readonly gapMs: readonly [number, number];
  /** The agents' windows, as the X server numbers them. */
  readonly windows: readonly number[];
  readonly titles: readonly string[];
  readonly personWindow: number;
  /** Processes of the browser's pages. */
  readonly renderers: readonly number[];
  /** Folder of the workspace whose driver is killed. */
  readonly root: string;
}

/** One line of a saboteur's output. */
export type Told =
  | { readonly kind: Kind; readonly did: "ready" | "paused" }
  /** What it did, in words. */
  | { readonly kind: Kind; readonly did: "acted"; readonly what: string }
  /** The text is in the clipboard. */
  | { readonly kind: Kind; readonly did: "wrote"; readonly text: string }
  /** Another program took the clipboard from it: the agents' browser, when it was told to copy, or any other. */
  | {
      readonly kind: Kind;
      readonly did: "lost";
      readonly text: string;
      readonly heldMs: number;
      readonly to: "browser" | "other";
    }
  /** A key was pressed in a window of its own. */
  | { readonly kind: Kind; readonly did: "felt_key" };

/** A saboteur of one kind: what it does each time, and how it undoes what lasts. */
export interface Saboteur {
  act(): Promise<void>;
  end?(): void;
}

export interface Tools {
  readonly plan: Plan;
  /** In [0, 1). */
  readonly random: () => number;
  readonly tell: (told: Unnamed<Told>) => void;
}

type Unnamed<T> = T extends Told ? Omit<T, "kind"> : never;

export function pick<T>(random: () => number, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error("there is nothing to pick from");
  return picked;
}

export function between(random: () => number, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least);
}

/** Letters that a person types and no message or draft contains: what came from whom can be told apart. */
export const PERSONS_LETTERS = "qjz";
