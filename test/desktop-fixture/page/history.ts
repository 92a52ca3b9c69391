/** What reached the page, in order, for the report of a test that failed. */
const KEPT = 2_000;
const SHOWN = 60;
/** Keys that come so late are told at once, in milliseconds: the page may stand still for good. */
const LATE_MS = 500;

/**
 * `textNow`: what the composer holds. `tell` gets entries as they come, in order: before what may take a page long. Gives the
 * newest entries, oldest first.
 */
export function keepHistory(
  textNow: () => string,
  tell: (entries: readonly string[]) => void,
): () => readonly string[] {
  const entries: string[] = [];
  let untold: string[] = [];
  const tellAll = () => {
    tell(untold);
    untold = [];
  };
  const note = (what: string) => {
    const time = new Date().toISOString().slice(11, 23);
    entries.push(`${time} ${what}`);
    untold.push(`${time} ${what}`);
    if (entries.length > KEPT) entries.shift();
  };
  const quoted = (text: string) => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  const on = <E extends Event>(type: string, tell: (event: E) => string) =>
    addEventListener(type, (event) => note(tell(event as E)), { capture: true });
  on<KeyboardEvent>("keydown", ({ key, ctrlKey, shiftKey, timeStamp }) => {
    const lateMs = Math.round(performance.now() - timeStamp);
    return `key ${ctrlKey ? "Ctrl+" : ""}${shiftKey ? "Shift+" : ""}${key}${lateMs > 50 ? ` (${lateMs} ms late)` : ""}`;
  });
  on<ClipboardEvent>("paste", (event) => `paste of ${quoted(event.clipboardData?.getData("text") ?? "")}`);
  on("copy", () => `copy of ${quoted(String(getSelection()))}`);
  on("cut", () => "cut");
  on("click", () => "click");
  on("focus", () => "focus");
  on("blur", () => "blur");
  on("input", () => `holds ${quoted(textNow())}`);
  addEventListener("paste", tellAll, { capture: true });
  addEventListener("keydown", ({ timeStamp }) => performance.now() - timeStamp > LATE_MS && tellAll(), {
    capture: true,
  });
  return () => entries;
}
