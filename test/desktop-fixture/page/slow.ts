import { type Composer, isSubmit, type OnEnter } from "./composer.ts";

const LATE_MS = 2000;

/** The page does nothing else for 2 s at every key (keys that only modify others are not counted). */
export function beBusyAtEveryKey(): void {
  addEventListener(
    "keydown",
    (event) => {
      if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
      const end = performance.now() + LATE_MS;
      while (performance.now() < end);
    },
    { capture: true },
  );
}

/** Keys and pastes are taken at once, and acted on 2 s later, in their order. */
export function deferEveryKey(composer: () => Composer, onEnter: OnEnter): void {
  const later = (event: Event, action: () => void) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(action, LATE_MS);
  };
  addEventListener(
    "keydown",
    (event) => {
      const action = document.activeElement === composer().element && meaningOf(event, composer(), onEnter);
      if (action) later(event, action);
    },
    { capture: true },
  );
  addEventListener(
    "paste",
    (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      later(event, () => composer().insert(text));
    },
    { capture: true },
  );
}

/** What a key does, or null where the browser's own way is right: the paste event follows its key, and is deferred itself. */
function meaningOf(event: KeyboardEvent, composer: Composer, onEnter: OnEnter): (() => void) | null {
  const key = event.key.toLowerCase();
  if (event.ctrlKey && key === "a") return () => composer.selectAll();
  if (event.ctrlKey && key === "c") return () => void document.execCommand("copy");
  if (event.ctrlKey && key === "x") return () => void document.execCommand("cut");
  if (event.ctrlKey && key === "end")
    return () => getSelection()?.modify("move", "forward", "documentboundary");
  if (event.shiftKey && (key === "arrowleft" || key === "arrowright"))
    return () => getSelection()?.modify("extend", key === "arrowleft" ? "left" : "right", "character");
  if (key === "delete" || key === "backspace") return () => void document.execCommand("delete");
  if (isSubmit(event)) return () => void onEnter();
  if (key === "enter") return () => composer.insert("\n");
  if (event.ctrlKey || event.key.length > 1) return null;
  return () => composer.insert(event.key);
}
