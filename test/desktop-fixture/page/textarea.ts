import { type Composer, isSubmit, type OnEnter } from "./composer.ts";

/** A plain text area. */
export function createTextarea(place: HTMLElement, onEnter: OnEnter): Composer {
  const element = document.createElement("textarea");
  element.className = "composer";
  place.append(element);
  element.addEventListener("keydown", (event) => {
    if (!isSubmit(event)) return;
    event.preventDefault();
    onEnter();
  });
  return {
    element,
    text: () => element.value,
    setText: (text) => {
      element.value = text;
    },
    insert: (text) => document.execCommand("insertText", false, text),
    selectAll: () => element.select(),
  };
}
