import type { OnPane, Pane, PaneRefusal, Row, Screen, Terminals } from "../../src/ports/terminals.ts";
import type { SimulatedClock } from "./clock.ts";

/**
 * A terminal server in memory: one agent per pane, with a composer in a frame, a placeholder, a mark for long pastes,
 * dialogs, and a shell that is in front when the agent has ended. Keys are handled later, in order, at the agent's pace.
 */
export interface SimulatedTerminals {
  readonly terminals: Terminals;
  /** `isLineByLine`: what clears takes out one line. */
  open(target: string, keyMs: number, isLineByLine?: boolean): SimulatedPane;
  /** Lets go of what a killed worker held. */
  freeHolds(): void;
  /** Resolves when all agents have handled their keys. */
  settled(): Promise<void>;
}

export interface SimulatedPane {
  readonly target: string;
  /** No profile knows the keys that take text out. */
  hasNoClear: boolean;
  keyMs: number;
  /** So many Enters are not taken. */
  swallows: number;
  /** The next message that it takes is shown on another screen, with another composer, and that comes a moment later. */
  hasNextScreen: boolean;
  /** So many pastes are not taken. */
  losesPastes: number;
  /** Takes no key until then, on the monotonic clock. */
  stillUntil: number;
  readonly text: string;
  readonly submissions: readonly string[];
  /** What reached a dialog that was on the screen, and what a shell would have run. */
  readonly harm: readonly string[];
  readonly isAsking: boolean;
  /** A person types; nothing where a dialog or a shell is in front. */
  type(text: string): void;
  ask(): void;
  answer(): void;
  /** The agent ends: a shell is in front. */
  end(): void;
  startAgain(): void;
}

interface Piece {
  readonly text: string;
  readonly shown: string;
  readonly isPasted?: boolean;
}

const COLUMNS = 100;
const WIDTH = COLUMNS - 7;
const TALLEST = 10;
const LONG_LINES = 12;
const LONG_CHARACTERS = 1_000;
const PLACEHOLDER = "Type your message";
const STEP_MS = 1;
/** Sooner than a worker is there that takes over from a killed one. */
const NEXT_SCREEN_MS = 100;

export function simulatedTerminals(
  clock: SimulatedClock,
  onSubmit: (target: string, text: string) => void,
): SimulatedTerminals {
  const panes = new Map<string, ReturnType<typeof openPane>>();
  return {
    terminals: {
      list: () => Promise.resolve(refusal("no list here", false)),
      find: (_socket, target) => {
        const found = panes.get(target);
        return Promise.resolve(found ? { ok: true, pane: found.port } : refusal(`no pane ${target}`, false));
      },
    },
    open(target, keyMs, isLineByLine = false) {
      const made = openPane(clock, target, keyMs, isLineByLine, (text) => onSubmit(target, text));
      panes.set(target, made);
      return made.pane;
    },
    freeHolds() {
      for (const { free } of panes.values()) free();
    },
    async settled() {
      while ([...panes.values()].some(({ isBusy }) => isBusy())) await clock.sleep(STEP_MS);
    },
  };
}

function openPane(
  clock: SimulatedClock,
  target: string,
  keyMs: number,
  isLineByLine: boolean,
  onSubmit: (text: string) => void,
) {
  const submissions: string[] = [];
  const harm: string[] = [];
  const queue: (() => void)[] = [];
  let pieces: Piece[] = [];
  let isAsking = false;
  let isRunning = true;
  let isScreenComing = false;
  /** So many of its messages the screen shows. */
  let shownTexts = 0;
  let isHandling = false;
  let isHeld = false;
  const waiting: (() => void)[] = [];
  const textNow = () => pieces.map(({ text }) => text).join("");

  const handleNext = () => {
    if (queue.length === 0) return;
    isHandling = true;
    clock.after(Math.max(pane.keyMs, pane.stillUntil - clock.monotonic()), () => {
      isHandling = false;
      queue.shift()?.();
      handleNext();
    });
  };
  const later = (act: () => void) => {
    queue.push(act);
    if (!isHandling) handleNext();
  };

  const pasted = (text: string) => {
    if (!isRunning) harm.push(`a shell got ${JSON.stringify(text)}`);
    else if (isAsking)
      return; // it vanishes
    else if (pane.losesPastes > 0) pane.losesPastes -= 1;
    else {
      const lines = text.split("\n").length;
      const isLong = lines > LONG_LINES || text.length > LONG_CHARACTERS;
      pieces.push({ text, shown: isLong ? `[Pasted text #1 +${lines} lines]` : text, isPasted: true });
    }
  };
  const pressed = (key: string) => {
    if (!isRunning || isAsking) return; // what it does there was judged when it was pressed
    if (key === "Enter") submit();
    else if (key === "C-u") clear();
    else if (key === "BSpace") erase();
    else if (key.length === 1) pieces.push({ text: key, shown: key });
  };
  const clear = () => {
    if (!isLineByLine) pieces = [];
    for (let last = pieces.pop(); last; last = pieces.pop()) {
      const lineEnd = last.shown === last.text ? last.text.lastIndexOf("\n") : -1;
      if (lineEnd < 0) continue;
      const text = last.text.slice(0, lineEnd + 1);
      pieces.push({ text, shown: text });
      return;
    }
  };
  const submit = () => {
    const text = textNow();
    if (text === "" || isScreenComing) return;
    if (pane.swallows > 0) {
      pane.swallows -= 1;
      return;
    }
    pieces = [];
    submissions.push(text);
    onSubmit(text);
    if (!pane.hasNextScreen) {
      shownTexts = submissions.length;
      return;
    }
    pane.hasNextScreen = false;
    isScreenComing = true;
    clock.after(NEXT_SCREEN_MS, () => {
      isScreenComing = false;
      shownTexts = submissions.length;
      pieces = pieces.filter(({ isPasted }) => !isPasted);
    });
  };
  const erase = () => {
    const last = pieces.pop();
    if (!last || last.shown !== last.text) return;
    const text = [...last.text].slice(0, -1).join("");
    if (text !== "") pieces.push({ text, shown: text });
  };

  const pane: SimulatedPane = {
    target,
    hasNoClear: false,
    keyMs,
    swallows: 0,
    hasNextScreen: false,
    losesPastes: 0,
    stillUntil: 0,
    get text() {
      return textNow();
    },
    submissions,
    harm,
    get isAsking() {
      return isAsking;
    },
    type(text) {
      if (isRunning && !isAsking) later(() => pieces.push({ text, shown: text }));
    },
    ask() {
      if (isRunning) isAsking = true;
    },
    answer() {
      isAsking = false;
    },
    end() {
      isRunning = false;
      isAsking = false;
      pieces = [];
      queue.length = 0;
    },
    startAgain() {
      isRunning = true;
    },
  };
  const screen = (): Screen => draw(pieces, submissions[shownTexts - 1], isAsking, isRunning);
  const guarded = (seen: Screen, act: () => void): Promise<OnPane<object>> => {
    const now = screen();
    const isSame =
      now.program === seen.program && now.cursor.x === seen.cursor.x && now.cursor.y === seen.cursor.y;
    if (!isSame) return Promise.resolve(refusal("the pane changed", true));
    act();
    return Promise.resolve({ ok: true });
  };
  const port: Pane = {
    where: target,
    programs: () => Promise.resolve([]),
    look: () => Promise.resolve({ ok: true, screen: screen() }),
    async hold() {
      while (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
      isHeld = true;
      return () => {
        isHeld = false;
        waiting.shift()?.();
      };
    },
    leaveMode: () => Promise.resolve({ ok: true }),
    paste: (text, seen) =>
      guarded(seen, () => {
        if (isAsking) harm.push(`pasted into a dialog: ${JSON.stringify(text)}`);
        later(() => pasted(text));
      }),
    press: (keys, seen) =>
      guarded(seen, () => {
        if (isAsking || !isRunning)
          harm.push(`pressed ${keys.join(" ")} in a ${isAsking ? "dialog" : "shell"}`);
        for (const key of keys) later(() => pressed(key));
      }),
  };
  const free = () => {
    isHeld = false;
    waiting.length = 0;
  };
  return { pane, port, free, isBusy: () => isHandling || queue.length > 0 };
}

function draw(
  pieces: readonly Piece[],
  last: string | undefined,
  isAsking: boolean,
  isRunning: boolean,
): Screen {
  const shown = pieces.map((piece) => piece.shown).join("");
  const frame = "─".repeat(COLUMNS);
  const state =
    last === undefined ? "the agent, ready" : `  works on ${last.split("\n")[0]?.slice(0, WIDTH - 12)}`;
  const rows: Row[] = [row(state), row("")];
  let cursor = { x: 2, y: 2 };
  if (!isRunning) {
    rows.push(row("$ "));
  } else if (isAsking) {
    rows.push(row(frame), row("  Do you want to proceed?"), row("  ❯ 1. Yes"), row("    2. No"), row(frame));
    cursor = { x: 0, y: rows.length - 1 };
  } else {
    const lines = wrapped(shown).slice(-TALLEST);
    rows.push(row(frame));
    for (const [i, line] of lines.entries())
      rows.push(shown === "" ? placeholder() : row(`${i === 0 ? "> " : "  "}${line}`));
    rows.push(row(frame), row("  ? for shortcuts"));
    cursor = { x: 2 + [...(lines.at(-1) ?? "")].length, y: 2 + lines.length };
  }
  return {
    rows,
    columns: COLUMNS,
    cursor,
    title: "",
    program: isRunning ? "agent" : "bash",
    isInMode: false,
    takesPastes: true,
  };
}

function row(text: string): Row {
  return { text, isFaint: [...text].map(() => false) };
}

function placeholder(): Row {
  const text = `> ${PLACEHOLDER}`;
  return { text, isFaint: Array.from({ length: text.length }, (_, i) => i >= 2) };
}

function wrapped(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const characters = [...line.replace(/\t/g, "    ")];
    const count = Math.max(1, Math.ceil(characters.length / WIDTH));
    return Array.from({ length: count }, (_, i) => characters.slice(i * WIDTH, (i + 1) * WIDTH).join(""));
  });
}

function refusal(message: string, isMoved: boolean): PaneRefusal {
  return { ok: false, isMoved, error: { code: "pane_not_found", message, hint: "" } };
}
