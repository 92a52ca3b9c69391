import type { DeliveryError } from "../../../src/domain/errors.ts";
import type { Look, Refusal } from "../../../src/ports/desktop.ts";
import { type ScriptedWork, SILENCE, text } from "./scripted-hands.ts";

/** What may come in the way of a field that else does what it is told. */
export interface InTheWay {
  /** Before each use of the hands: why they are not used. Null: they are. */
  readonly refusal?: () => Refusal | null;
  /** What a paste puts there in place of what was offered. */
  readonly lands?: (offered: string, before: string) => string;
  /** False: it stands still, and is not waited for long enough. */
  readonly hasAnswer?: (patienceMs: number) => boolean;
}

export interface ScriptedField {
  held: string;
  readonly submitted: string[];
  /** What it held before each step that can be undone, the newest last. */
  readonly steps: string[];
}

/** Lets the work's hands type into a field that holds `held`; a person has pressed nothing. */
export function fieldFor({ hands, profile }: ScriptedWork, held = "", way: InTheWay = {}): ScriptedField {
  const field: ScriptedField = { held, submitted: [], steps: [] };
  const change = (now: string) => {
    field.steps.push(field.held);
    field.held = now;
  };
  const { refusal = () => null, lands = (offered) => offered, hasAnswer = () => true } = way;
  const answered = (copied: string, patienceMs: number): Look =>
    copied === "" || !hasAnswer(patienceMs) ? SILENCE : text(copied);
  hands.submitIdleMs = () => Promise.resolve(Number.POSITIVE_INFINITY);
  hands.look = ({ select }, patienceMs) => {
    const refused = refusal();
    if (refused) return Promise.resolve(refused);
    if (select.includes("x")) change(`${field.held}x`);
    const copied = select.includes("Shift+Left") ? field.held.slice(-1) : field.held;
    return Promise.resolve({ ok: true, look: answered(copied, patienceMs) });
  };
  hands.pasteAndLook = ({ text: offered }, { before }, patienceMs) => {
    const refused = refusal();
    if (refused) return Promise.resolve(refused);
    const landed = lands(offered, before);
    change(before === profile.selectAll ? landed : field.held + landed);
    const look = answered(field.held, patienceMs);
    return Promise.resolve({ ok: true, look, isTaken: true, overtaken: null });
  };
  hands.press = (chords) => {
    const refused = refusal();
    if (refused) return Promise.resolve(refused);
    if (chords.includes("Enter")) {
      field.submitted.push(field.held);
      field.held = "";
    }
    if (chords.includes("Backspace"))
      change(chords.includes(profile.selectAll) ? "" : field.held.slice(0, -1));
    if (chords.includes("Ctrl+Z")) field.held = field.steps.pop() ?? field.held;
    return Promise.resolve({ ok: true });
  };
  return field;
}

/** The hands were not used; `isHandsOff`: nor may they be in this attempt. */
export function refusalOf(code: DeliveryError["code"], isHandsOff = false): Refusal {
  return { ok: false, error: { code, message: "", hint: "" }, isHandsOff, mayBePressed: false };
}
