/** A chat page: shows what was submitted, tells its server, and does what the server asks. */
import type { PageConfig, PageState } from "../protocol.ts";
import type { Composer, OnEnter } from "./composer.ts";
import { createContenteditable } from "./contenteditable.ts";
import { keepHistory } from "./history.ts";
import { createLexical } from "./lexical.ts";
import { createProsemirror } from "./prosemirror.ts";
import { buildScene, message } from "./scene.ts";
import { connectServer } from "./server.ts";
import { beBusyAtEveryKey, deferEveryKey } from "./slow.ts";
import { createTextarea } from "./textarea.ts";

const CLEAR_LATE_MS = 300;
const ANSWER_MS = 3_000;

const config = JSON.parse(document.getElementById("config")?.textContent ?? "") as PageConfig;
const server = connectServer(config.name);
const scene = buildScene(config.mode, config.title, () => server.report({ kind: "press", at: Date.now() }));
let enters = 0;
const composer = createComposer(scene.place, enter);
const history = keepHistory(() => composer.text(), server.tell);
if (config.mode === "slow-busy") beBusyAtEveryKey();
if (config.mode === "slow-deferred") deferEveryKey(() => composer, enter);
if (config.mode === "read-only") makeReadOnly(composer.element);
if (config.mode !== "modal") (scene.editor ?? composer.element).focus();
void painted().then(obey);

function createComposer(place: HTMLElement, onEnter: OnEnter): Composer {
  switch (config.composer) {
    case "textarea":
      return createTextarea(place, onEnter);
    case "lexical":
      return createLexical(place, onEnter);
    case "prosemirror":
      return createProsemirror(scene.place, onEnter);
    case "contenteditable":
      return createContenteditable(place, onEnter);
    default:
      return config.composer satisfies never;
  }
}

/** False: the field makes a line break. */
function enter(): boolean {
  enters += 1;
  if (config.mode === "break-line") return false;
  if (config.mode === "swallow-enter" || config.mode === "read-only") return true;
  if (config.mode === "swallow-enter-once" && enters === 1) return true;
  const text = composer.text();
  if (text.trim() === "") return true;
  server.report({ kind: "submit", text, at: Date.now() });
  scene.log.append(message(text));
  scene.log.scrollTop = scene.log.scrollHeight;
  if (config.mode === "late-clear") setTimeout(() => composer.setText(""), CLEAR_LATE_MS);
  else composer.setText("");
  if (config.mode === "waits-for-answer" || config.mode === "closes") setEnabled(false);
  if (config.mode === "waits-for-answer") setTimeout(() => setEnabled(true), ANSWER_MS);
  return config.mode !== "leaves-break";
}

function setEnabled(isEnabled: boolean): void {
  const { element } = composer;
  if (element instanceof HTMLTextAreaElement) element.disabled = !isEnabled;
  else element.contentEditable = String(isEnabled);
}

function makeReadOnly(element: HTMLElement): void {
  for (const type of ["beforeinput", "paste"]) {
    element.addEventListener(
      type,
      (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      { capture: true },
    );
  }
}

/** A browser drops clicks and keys that come before a page was painted first. Hidden pages are not painted. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) resolve();
    addEventListener("visibilitychange", () => resolve());
    new PerformanceObserver((list) => {
      if (list.getEntriesByName("first-contentful-paint").length > 0) resolve();
    }).observe({ type: "paint", buffered: true });
  });
}

async function obey(): Promise<void> {
  for (;;) {
    const next = await server.nextCommand();
    if (!next) continue;
    const { number, command } = next;
    if (command.do === "set-text") composer.setText(command.text);
    if (command.do === "set-title") document.title = command.title;
    if (command.do === "focus") focus(command.what);
    await server.flush();
    server.report({
      kind: "done",
      number,
      state: { ...state(), history: command.do === "history" ? history() : [] },
    });
    await server.flush();
    if (command.do === "reload") return location.reload();
  }
}

function focus(what: "composer" | "elsewhere"): void {
  if (what === "composer") composer.element.focus();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function state(): Omit<PageState, "history"> {
  return {
    text: scene.editor ? scene.editor.value : composer.text(),
    focus: focused(),
    isVisible: document.visibilityState === "visible",
    isActive: document.hasFocus(),
  };
}

function focused(): PageState["focus"] {
  const active = document.activeElement;
  if (!active || active === document.body) return "nothing";
  if (active === scene.button) return "button";
  return active === composer.element || active === scene.editor ? "composer" : "elsewhere";
}
