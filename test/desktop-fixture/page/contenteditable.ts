import { type Composer, isSubmit, type OnEnter } from "./composer.ts";

/** An editable element of paragraphs, as ProseMirror keeps them: Shift+Enter begins one, a paste makes one of each line. */
export function createContenteditable(place: HTMLElement, onEnter: OnEnter): Composer {
  const element = document.createElement("div");
  element.className = "composer";
  element.contentEditable = "true";
  place.append(element);
  const insert = (text: string) => {
    text.split("\n").forEach((line, i) => {
      if (i > 0) document.execCommand("insertParagraph");
      if (line !== "") document.execCommand("insertText", false, line);
    });
  };
  const setText = (text: string) => {
    element.replaceChildren(...text.split("\n").map(paragraph));
  };
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (!isSubmit(event) || !onEnter()) document.execCommand("insertParagraph");
  });
  element.addEventListener("paste", (event) => {
    event.preventDefault();
    insert(event.clipboardData?.getData("text/plain") ?? "");
  });
  // A click below the last paragraph would sometimes put the caret outside of the field, which keeps the focus.
  element.addEventListener("mousedown", (event) => {
    if (event.target !== element) return;
    event.preventDefault();
    element.focus();
    getSelection()?.selectAllChildren(element);
    getSelection()?.collapseToEnd();
  });
  document.execCommand("defaultParagraphSeparator", false, "p");
  setText("");
  return {
    element,
    // The browser may leave bare text beside the paragraphs.
    text: () =>
      [...element.childNodes].map((node) => (node.textContent ?? "").replaceAll("\u00a0", " ")).join("\n"),
    setText,
    insert,
    selectAll: () => getSelection()?.selectAllChildren(element),
  };
}

function paragraph(line: string): HTMLElement {
  const element = document.createElement("p");
  element.append(line === "" ? document.createElement("br") : line);
  return element;
}
