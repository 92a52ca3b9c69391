import { baseKeymap, selectAll, splitBlock } from "prosemirror-commands";
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { AllSelection, EditorState, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import type { Composer, OnEnter } from "./composer.ts";

/** A ProseMirror editor: a paragraph for each line, as in the chats of assistants on the web. */
export function createProsemirror(place: HTMLElement, onEnter: OnEnter): Composer {
  const view = new EditorView(place, {
    state: EditorState.create({
      schema,
      plugins: [
        history(),
        keymap({ Enter: () => onEnter(), "Shift-Enter": splitBlock, "Mod-a": selectAll }),
        keymap(baseKeymap),
      ],
    }),
    attributes: { class: "composer" },
  });
  const paragraphs = (text: string) =>
    text
      .split("\n")
      .map((line) => schema.nodes.paragraph.create(null, line === "" ? null : schema.text(line)));
  const all = (transaction: Transaction) => transaction.setSelection(new AllSelection(transaction.doc));
  return {
    element: view.dom,
    text: () => view.state.doc.textBetween(0, view.state.doc.content.size, "\n"),
    setText: (text) => {
      const { tr, doc } = view.state;
      view.dispatch(tr.replaceWith(0, doc.content.size, paragraphs(text)));
    },
    insert: (text) => void view.pasteText(text),
    selectAll: () => view.dispatch(all(view.state.tr)),
  };
}
