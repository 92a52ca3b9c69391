import { EDITOR_TEXT, type Mode } from "../protocol.ts";

/** The parts of a page that modes build, apart from the composer. */
export interface Scene {
  readonly log: HTMLElement;
  /** Where the composer goes. */
  readonly place: HTMLElement;
  /** The text editor that lies where the composer was, or null. */
  readonly editor: HTMLTextAreaElement | null;
  /** The button of the modal dialog, or null. */
  readonly button: HTMLButtonElement | null;
}

export function buildScene(mode: Mode, title: string, onPress: () => void): Scene {
  const header = element("header", "");
  header.textContent = title;
  const log = element("main", "");
  const place = element("div", "place");
  const editor = mode === "editor" ? createEditor() : null;
  if (editor) {
    place.hidden = true;
    document.body.append(header, editor, place);
  } else if (mode === "no-field") {
    log.append(
      ...Array.from({ length: 60 }, (_, i) => message(`An answer that was given before, number ${i + 1}.`)),
    );
    document.body.append(header, place, log);
    log.scrollTop = log.scrollHeight;
  } else {
    document.body.append(header, log, place);
  }
  return { log, place, editor, button: mode === "modal" ? openDialog(onPress) : null };
}

export function message(text: string): HTMLElement {
  const line = element("div", "message");
  line.textContent = text;
  return line;
}

function createEditor(): HTMLTextAreaElement {
  const editor = document.createElement("textarea");
  editor.className = "composer editor";
  editor.value = EDITOR_TEXT;
  return editor;
}

function openDialog(onPress: () => void): HTMLButtonElement {
  const dialog = document.createElement("dialog");
  const button = document.createElement("button");
  button.textContent = "Allow once";
  button.addEventListener("click", onPress);
  dialog.append("Run this command? rm -rf build ", button);
  document.body.append(dialog);
  dialog.showModal();
  button.focus();
  // A click beside it leaves the focus where it is, as in dialogs that trap it.
  addEventListener("mousedown", (event) => event.target !== button && event.preventDefault(), {
    capture: true,
  });
  return button;
}

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
