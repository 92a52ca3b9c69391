import type { Guarded, Hands, Look } from "../../../src/ports/desktop.ts";
import type { SimulatedWindow } from "../../simulator/desktop.ts";
import { INPUT, type NutStage, profileOn } from "./simulated-world.ts";

export const MAC = profileOn("darwin");
export const LOOK_KEYS = { select: [MAC.selectAll], copy: MAC.copy };
export const PASTE_KEYS = {
  before: MAC.caretEnd,
  paste: MAC.paste,
  selectAll: MAC.selectAll,
  copy: MAC.copy,
};

/** Takes the desktop of a stage. */
export async function takeHands(stage: Pick<NutStage, "desktop">): Promise<Hands> {
  return good(await stage.desktop.acquire(null, "a test", 5_000, new AbortController().signal)).hands;
}

/** Raises a window and clicks into its composer. */
export async function aimInto(hands: Hands, window: SimulatedWindow): Promise<void> {
  good(await hands.aim(String(window.id), window.title, INPUT, 2_000));
  good(await hands.click());
}

export function good<T extends object>(result: Guarded<T>): { readonly ok: true } & T {
  if (!result.ok) throw new Error(`refused: ${result.error.code}: ${result.error.message}`);
  return result;
}

export function codeOf(result: Guarded<object>): string | null {
  return result.ok ? null : result.error.code;
}

export function textOf(look: Look): string | null {
  return look.kind === "text" ? look.content.text : null;
}

export function plain(text: string) {
  return { text, flavors: {} };
}
