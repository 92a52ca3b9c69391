import type { NutCalls, NutWindow } from "../../src/desktop/nut/nut-calls.ts";
import type { Point, Rect } from "../../src/domain/agent.ts";
import type { SimulatedClock } from "./clock.ts";
import { handleKey, type SimulatedComposer, simulatedComposer } from "./composer.ts";

/**
 * A desktop in memory: windows with a composer each, one keyboard, one pointer, one clipboard. Keys go to the window
 * that is active when they are pressed, and are handled later, in order, at the window's own pace.
 */
export interface SimulatedDesktop {
  readonly clock: SimulatedClock;
  /** The calls of swarm's hands, as macOS and Windows answer them. */
  readonly calls: NutCalls;
  /** Front first. */
  readonly windows: readonly SimulatedWindow[];
  open(plan: WindowPlan): SimulatedWindow;
  close(window: SimulatedWindow): void;
  /** A person or a program brings it to the front. */
  activate(window: SimulatedWindow | null): void;
  readonly active: SimulatedWindow | null;
  clipboard: string;
  pointer: Point;
  /** False: input is ignored without a word, as macOS does without the permission. */
  isInputAllowed: boolean;
  isLocked: boolean;
  /** Null: the system does not tell. */
  lastInputAt: number | null;
  /** Called right before a chord or a click (`Click`) is made; for what others do in that instant. */
  onInput: (what: string) => void;
  /** Called for each submitted text. */
  onSubmit: (window: SimulatedWindow, text: string) => void;
  /** Milliseconds that one call to the clipboard takes. */
  clipboardMs: number;
  /** Milliseconds for which the clipboard is empty while a program copies. */
  copyGapMs: number;
  /** Resolves when all windows have handled their keys. */
  settled(): Promise<void>;
}

export interface WindowPlan {
  readonly title: string;
  readonly rect?: Rect;
  /** How long a key takes to be handled; each waits for the one before. */
  readonly keyMs?: number;
  /** Clicks put the caret into the composer, in the lowest 116 pixels of the window. Default: true. */
  readonly hasComposer?: boolean;
  readonly isRightToLeft?: boolean;
  readonly isRich?: boolean;
}

export interface SimulatedWindow {
  readonly id: number;
  title: string;
  rect: Rect;
  keyMs: number;
  /** Keys come to be handled only so long after they were pressed, in milliseconds. */
  lateMs: number;
  readonly hasComposer: boolean;
  readonly composer: SimulatedComposer;
  isComposerFocused: boolean;
  isMinimised: boolean;
  /** Refuses to become active. */
  isStubborn: boolean;
}

const COMPOSER_HEIGHT = 116;
/** The main screen, and one to the left of it. */
const SCREENS: readonly Rect[] = [
  { x: 0, y: 0, width: 1600, height: 1000 },
  { x: -1280, y: 0, width: 1280, height: 1024 },
];
/** Where Windows puts the corner of minimised windows. */
const MINIMISED_AT = -32_000;
const KEY_MS = 3;

export function simulatedDesktop(clock: SimulatedClock): SimulatedDesktop {
  const stack: SimulatedWindow[] = [];
  const queues = new Map<SimulatedWindow, { readonly keys: string[]; isBusy: boolean; waiting: number }>();
  let active: SimulatedWindow | null = null;
  let lastId = 100;

  const press = (window: SimulatedWindow, chord: string) => {
    const queue = queues.get(window);
    if (!queue) return;
    const enqueue = () => {
      queue.waiting -= 1;
      queue.keys.push(chord);
      if (!queue.isBusy) handleNext(window);
    };
    queue.waiting += 1;
    if (window.lateMs > 0) clock.after(window.lateMs, enqueue);
    else enqueue();
  };

  const handleNext = (window: SimulatedWindow) => {
    const queue = queues.get(window);
    const chord = queue?.keys.shift();
    if (!queue || chord === undefined) return;
    queue.isBusy = true;
    clock.after(window.keyMs, () => {
      queue.isBusy = false;
      if (queues.get(window) === queue && window.hasComposer && window.isComposerFocused) {
        const copy = (text: string) => {
          desktop.clipboard = desktop.copyGapMs > 0 ? "" : text;
          if (desktop.copyGapMs > 0)
            clock.after(desktop.copyGapMs, () => Object.assign(desktop, { clipboard: text }));
        };
        handleKey(window.composer, chord, {
          clipboard: desktop.clipboard,
          copy,
          submitted: (text) => desktop.onSubmit(window, text),
        });
      }
      handleNext(window);
    });
  };

  const input = (what: string, act: () => void) => {
    desktop.onInput(what);
    if (!desktop.isInputAllowed || desktop.isLocked) return;
    desktop.lastInputAt = clock.monotonic();
    act();
  };

  const desktop: SimulatedDesktop = {
    clock,
    windows: stack,
    clipboard: "",
    pointer: { x: 800, y: 500 },
    isInputAllowed: true,
    isLocked: false,
    lastInputAt: null,
    onInput: () => undefined,
    onSubmit: () => undefined,
    clipboardMs: 5,
    copyGapMs: 0,
    get active() {
      return active;
    },
    open(plan) {
      const window: SimulatedWindow = {
        id: ++lastId,
        title: plan.title,
        rect: plan.rect ?? { x: 40 * stack.length, y: 30 * stack.length, width: 380, height: 420 },
        keyMs: plan.keyMs ?? KEY_MS,
        lateMs: 0,
        hasComposer: plan.hasComposer ?? true,
        composer: simulatedComposer(plan),
        isComposerFocused: false,
        isMinimised: false,
        isStubborn: false,
      };
      stack.unshift(window);
      queues.set(window, { keys: [], isBusy: false, waiting: 0 });
      active = window;
      return window;
    },
    close(window) {
      stack.splice(stack.indexOf(window), 1);
      queues.delete(window);
      if (active === window) active = stack[0] ?? null;
    },
    activate(window) {
      active = window;
      if (!window) return;
      window.isMinimised = false;
      stack.splice(stack.indexOf(window), 1);
      stack.unshift(window);
    },
    async settled() {
      while ([...queues.values()].some(({ keys, isBusy, waiting }) => isBusy || keys.length + waiting > 0))
        await clock.sleep(1);
    },
    calls: {
      windows: () => Promise.resolve(stack.map(seen)),
      activeWindow: () => Promise.resolve(desktop.isLocked ? null : (active?.id ?? null)),
      window: (id) => Promise.resolve(stack.filter((each) => each.id === id).map(seen)[0] ?? null),
      async focus(id) {
        const window = stack.find((each) => each.id === id);
        await clock.sleep(10);
        if (window && !window.isStubborn) desktop.activate(window);
      },
      moveWindow(id, { x, y }) {
        const window = stack.find((each) => each.id === id);
        if (window) window.rect = { ...window.rect, x, y };
        return Promise.resolve();
      },
      async press(chord) {
        input(chord, () => active && press(active, chord));
      },
      pointer: () => Promise.resolve(desktop.pointer),
      async movePointer(to) {
        if (!desktop.isInputAllowed || desktop.isLocked) return;
        desktop.lastInputAt = clock.monotonic();
        desktop.pointer = onScreen(to);
      },
      async click() {
        input("Click", () => {
          const window = stack.find(({ rect, isMinimised }) => !isMinimised && holds(rect, desktop.pointer));
          if (!window) return;
          desktop.activate(window);
          window.isComposerFocused = isInComposer(window, desktop.pointer);
        });
      },
      screenSize: () => Promise.resolve({ width: 1600, height: 1000 }),
      screenImage: () => Promise.reject(new Error("there is nothing to be seen here")),
      async readClipboard() {
        await clock.sleep(desktop.clipboardMs);
        return desktop.clipboard;
      },
      async writeClipboard(text) {
        await clock.sleep(desktop.clipboardMs);
        desktop.clipboard = text;
      },
      idleMs: () =>
        Promise.resolve(desktop.lastInputAt === null ? null : clock.monotonic() - desktop.lastInputAt),
      isScreenLocked: () => Promise.resolve(desktop.isLocked),
    },
  };
  return desktop;
}

function seen({ id, title, rect, isMinimised }: SimulatedWindow): NutWindow {
  return { id, title, rect: isMinimised ? { ...rect, x: MINIMISED_AT, y: MINIMISED_AT } : rect };
}

function isInComposer({ rect, hasComposer }: SimulatedWindow, { y }: Point): boolean {
  return hasComposer && y >= rect.y + rect.height - COMPOSER_HEIGHT;
}

function holds(rect: Rect, { x, y }: Point): boolean {
  return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

/** A pointer that is sent off all screens stops at the edge of the main one. */
function onScreen(to: Point): Point {
  if (SCREENS.some((screen) => holds(screen, to))) return to;
  return { x: Math.min(Math.max(to.x, 0), 1599), y: Math.min(Math.max(to.y, 0), 999) };
}
