/**
 * A small terminal agent: a composer with a frame, a placeholder and a cursor, bracketed paste, a mark for long pastes,
 * dialogs, busy turns, and a log of all that was submitted. What the log says is the truth.
 *
 *   fake-agent LOG [fault…]     faults: see `Fault`; each may carry its chance, as in `swallow-enter=0.2`
 *
 * A dialog counts as seen once the terminal has answered a question behind its drawing: what was typed before that could
 * not know of it, and is logged as `unseen`.
 *
 * SIGUSR1: opens a dialog, or, where one is open, answers it as a person would.
 */
import { appendFileSync } from "node:fs";
import { standStill } from "../support/stand-still.ts";
import { faultsOf } from "./fake-agent-faults.ts";
import { frameOf } from "./fake-agent-frame.ts";

const PASTE_START = "\u001b[200~";
const PASTE_END = "\u001b[201~";
const WHERE_IS_THE_CURSOR = "\u001b[6n";
const CURSOR_IS_THERE = /\u001b\[\d+;\d+R/;
const LONG_LINES = 12;
const LONG_CHARACTERS = 1_000;
const LATE_MS = 2_000;
const DEAF_MS = 16_000;
const STANDSTILL_MS = 10_800;
const BUSY_MS = 1_000;
const NEXT_SCREEN_MS = 400;
const REPAINT_MS = 100;
const TORN_MS = 8;

const [logPath = "/dev/null", ...faultWords] = process.argv.slice(2);
const { has, isEver } = faultsOf(faultWords);

/** What stands in the composer; a long paste is one piece. */
let pieces: { readonly text: string; readonly shown: string }[] = [];
const transcript: string[] = ["fake agent, ready"];
let isDialogSeen = false;
let dialog: string | null = has("dialog-first") ? "Do you trust this folder?" : null;
let busyUntil = 0;
let isFirst = true;
let isScreenComing = false;
let hasSwallowed = false;
let hasStoodStill = false;
let toSwallow = has("swallow-three-enters") ? 3 : 0;
let pending = "";
/** What came while no key was taken, in order. */
let held = "";
let deafUntil = 0;

const log = (entry: object) => appendFileSync(logPath, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
const textNow = () => pieces.map(({ text }) => text).join("");

function onKeys(data: string): void {
  pending += data;
  for (;;) {
    const start = pending.indexOf(PASTE_START);
    if (start < 0) {
      typed(pending);
      pending = "";
      return;
    }
    typed(pending.slice(0, start));
    const end = pending.indexOf(PASTE_END, start);
    if (end < 0) {
      pending = pending.slice(start);
      return;
    }
    pasted(pending.slice(start + PASTE_START.length, end));
    pending = pending.slice(end + PASTE_END.length);
  }
}

function pasted(raw: string): void {
  const text = raw.replace(/\r\n?/g, "\n");
  if (dialog !== null) {
    log({ dialog: isDialogSeen ? "pasted into" : "unseen", text });
    return;
  }
  if (has("lose-paste")) return;
  const lines = text.split("\n").length;
  const isLong = lines > LONG_LINES || text.length > LONG_CHARACTERS;
  pieces.push({ text, shown: isLong ? `[Pasted text #1 +${lines} lines]` : text });
  if (has("deaf")) deafUntil = Date.now() + DEAF_MS;
  if (has("dialog-after-paste")) setTimeout(() => openDialog("Do you want to proceed?"), Math.random() * 150);
  if (has("exit-after-paste")) setTimeout(leave, Math.random() * 150);
  draw();
}

function typed(keys: string): void {
  for (const key of keys) {
    if (dialog !== null) {
      log({ dialog: isDialogSeen ? "key" : "unseen", key });
      if (key === "\r" || key === "1" || key === "y") closeDialog();
    } else if (key === "\r" || key === "\n") submit(key);
    else if (key === "\u0015") clear();
    else if (key === "\u007f") erase();
    else if (key === "\u0003") leave();
    else if (key >= " " || key === "\t") pieces.push({ text: key, shown: key });
  }
  draw();
}

function clear(): void {
  if (!hasStoodStill && has("slow-to-clear")) {
    hasStoodStill = true;
    standStill(STANDSTILL_MS);
  }
  pieces = [];
}

function erase(): void {
  const last = pieces.pop();
  if (last && last.shown === last.text && last.text.length > 1) {
    const text = [...last.text].slice(0, -1).join("");
    pieces.push({ text, shown: text });
  }
}

function submit(key: string): void {
  const text = textNow();
  if (text === "" || isScreenComing || toSwallow-- > 0) return;
  if (!hasSwallowed && has("swallow-enter")) {
    hasSwallowed = true;
    return;
  }
  hasSwallowed = false;
  pieces = [];
  log({ submitted: text, key });
  const isBusy = Date.now() < busyUntil;
  const row = `> ${text.split("\n")[0]?.slice(0, 60)}${isBusy ? "   (queued)" : ""}`;
  const show = () => void transcript.push(row, "  ok");
  if (isFirst && has("next-screen")) {
    isScreenComing = true;
    setTimeout(() => {
      isScreenComing = false;
      pieces = [];
      show();
      draw();
    }, NEXT_SCREEN_MS);
  } else show();
  isFirst = false;
  if (isEver("busy")) {
    busyUntil = Math.max(Date.now(), busyUntil) + BUSY_MS;
    setTimeout(draw, BUSY_MS + 10);
  }
}

function openDialog(question: string): void {
  dialog = question;
  isDialogSeen = false;
  log({ dialog: "opened" });
  draw();
}

function closeDialog(): void {
  dialog = null;
  log({ dialog: "closed" });
  draw();
}

function leave(): void {
  process.stdout.write("\u001b[?2004l\u001b[?1049l\u001b[?25h\r\n");
  process.exit(0);
}

let willDraw = false;
function draw(): void {
  if (!isEver("late")) {
    paint();
    return;
  }
  if (willDraw) return;
  willDraw = true;
  setTimeout(() => {
    willDraw = false;
    paint();
  }, LATE_MS);
}

function paint(): void {
  const frame = frameOf({
    columns: process.stdout.columns || 80,
    rows: process.stdout.rows || 24,
    transcript,
    composed: pieces.map((piece) => piece.shown).join(""),
    dialog,
    isBusy: Date.now() < busyUntil,
    isCursorShown: !isEver("parked-cursor"),
  });
  write(dialog !== null && !isDialogSeen ? frame + WHERE_IS_THE_CURSOR : frame);
}

/** The rest of a frame whose first piece is on the screen. */
let rest = "";
function write(frame: string): void {
  process.stdout.write(rest);
  rest = "";
  if (!isEver("torn")) {
    process.stdout.write(frame);
    return;
  }
  const prompt = frame.lastIndexOf("│ > ") + "│ > ".length;
  process.stdout.write(frame.slice(0, prompt));
  rest = frame.slice(prompt);
  setTimeout(() => {
    process.stdout.write(rest);
    rest = "";
  }, TORN_MS);
}

process.on("SIGUSR1", () => (dialog === null ? openDialog("Do you want to proceed?") : closeDialog()));
process.on("SIGTERM", leave);
process.stdin.setRawMode?.(true);
process.stdin.setEncoding("utf8");
process.stdin.on("data", (input: string) => {
  const [data, ...later] = input.split(CURSOR_IS_THERE);
  onInput(data ?? "");
  for (const next of later) {
    isDialogSeen = true;
    onInput(next);
  }
});
process.stdout.on("resize", paint);
if (isEver("alternate-screen")) process.stdout.write("\u001b[?1049h");
if (!isEver("no-paste-mode")) process.stdout.write("\u001b[?2004h");
if (isEver("repaint")) setInterval(paint, REPAINT_MS);
log({ started: process.pid });
paint();

function onInput(data: string): void {
  if (data === "") return;
  if (isEver("late")) {
    setTimeout(() => onKeys(data), LATE_MS);
    return;
  }
  if (data.includes(PASTE_START) && has("stall")) deafUntil = Date.now() + LATE_MS;
  if (held === "" && Date.now() >= deafUntil) {
    onKeys(data);
    return;
  }
  if (held === "") setTimeout(takeHeld, deafUntil - Date.now());
  held += data;
}

function takeHeld(): void {
  const data = held;
  held = "";
  onKeys(data);
}
