import { type Composer, isSubmit, type OnEnter } from "./composer.ts";

/** A plain text area. */
export function createTextarea(place: HTMLElement, onEnter: OnEnter): Composer {
  const element = document.createElement("textarea");
  element.className = "composer";
  place.append(element);
  element.addEventListener("keydown", (event) => {
    if (isSubmit(event) && onEnter()) event.preventDefault();
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
