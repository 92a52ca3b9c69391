import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { registerRichText } from "@lexical/rich-text";
import {
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  $selectAll,
  COMMAND_PRIORITY_HIGH,
  createEditor,
  KEY_ENTER_COMMAND,
  type LexicalEditor,
} from "lexical";
import { type Composer, isSubmit, type OnEnter } from "./composer.ts";

/** A Lexical rich text editor: a paragraph for each line, as in IDE chats. */
export function createLexical(place: HTMLElement, onEnter: OnEnter): Composer {
  const element = document.createElement("div");
  element.className = "composer";
  element.contentEditable = "true";
  place.append(element);
  const editor = createEditor({
    namespace: "composer",
    onError: (error) => {
      throw error;
    },
  });
  editor.setRootElement(element);
  registerRichText(editor);
  registerHistory(editor, createEmptyHistoryState(), 300);
  editor.registerCommand(
    KEY_ENTER_COMMAND,
    (event) => {
      if (!event || !isSubmit(event) || !onEnter()) return false;
      event.preventDefault();
      return true;
    },
    COMMAND_PRIORITY_HIGH,
  );
  return {
    element,
    text: () => read(editor),
    setText: (text) => write(editor, text),
    insert: (text) => editor.update(() => insertRaw(text), { discrete: true }),
    selectAll: () => editor.update(() => void $selectAll(), { discrete: true }),
  };
}

function read(editor: LexicalEditor): string {
  return editor.getEditorState().read(() =>
    $getRoot()
      .getChildren()
      .map((node) => node.getTextContent())
      .join("\n"),
  );
}

function write(editor: LexicalEditor, text: string): void {
  editor.update(
    () => {
      const lines = text.split("\n").map((line) => {
        const paragraph = $createParagraphNode();
        if (line !== "") paragraph.append($createTextNode(line));
        return paragraph;
      });
      $getRoot()
        .clear()
        .append(...lines)
        .selectEnd();
    },
    { discrete: true },
  );
}

function insertRaw(text: string): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  text.split("\n").forEach((line, i) => {
    if (i > 0) selection.insertParagraph();
    selection.insertRawText(line);
  });
}
