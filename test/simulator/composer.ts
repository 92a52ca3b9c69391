/** What a text field does with keys. */
export interface SimulatedComposer {
  text: string;
  /** Where the selection was begun, and where the caret is. */
  selection: readonly [number, number];
  readonly submissions: string[];
  /** The left arrow goes to the next character. */
  readonly isRightToLeft: boolean;
  /** Gives each line break back as two when it is copied, as Lexical and ProseMirror do. */
  readonly isRich: boolean;
}

/** What a key finds and leaves outside of the field. */
export interface KeySurroundings {
  readonly clipboard: string;
  /** Takes what was copied. */
  copy(text: string): void;
  /** Gets what was submitted. */
  submitted(text: string): void;
}

export function simulatedComposer({
  isRightToLeft = false,
  isRich = false,
}: Partial<Pick<SimulatedComposer, "isRightToLeft" | "isRich">>): SimulatedComposer {
  return { text: "", selection: [0, 0], submissions: [], isRightToLeft, isRich };
}

/** Handles one chord, as `Ctrl+A` or `Cmd+A`; unknown ones do nothing. */
export function handleKey(composer: SimulatedComposer, chord: string, around: KeySurroundings): void {
  const [anchor, caret] = composer.selection;
  const end = composer.text.length;
  switch (chord.replace(/\bCmd\b/, "Ctrl")) {
    case "Ctrl+A":
      composer.selection = [0, end];
      break;
    case "Ctrl+C":
      if (anchor !== caret) around.copy(copied(composer));
      break;
    case "Ctrl+V":
      insert(composer, around.clipboard.replace(/\r\n?/g, "\n"));
      break;
    case "Ctrl+End":
    case "Ctrl+Down":
      composer.selection = [end, end];
      break;
    case composer.isRightToLeft ? "Shift+Right" : "Shift+Left":
      composer.selection = [anchor, lastCharacterStart(composer.text.slice(0, caret))];
      break;
    case composer.isRightToLeft ? "Shift+Left" : "Shift+Right":
      composer.selection = [anchor, Math.min(end, caret + 1)];
      break;
    case composer.isRightToLeft ? "Left" : "Right": {
      const to = anchor === caret ? Math.min(end, caret + 1) : Math.max(anchor, caret);
      composer.selection = [to, to];
      break;
    }
    case "Backspace":
      if (anchor === caret) composer.selection = [lastCharacterStart(composer.text.slice(0, caret)), caret];
      insert(composer, "");
      break;
    case "Shift+Enter":
      insert(composer, "\n");
      break;
    case "Enter":
      submit(composer, around);
      break;
    default:
      if (/^[a-z0-9.]$/.test(chord)) insert(composer, chord);
      break;
  }
}

function copied(composer: SimulatedComposer): string {
  const text = composer.text.slice(...selected(composer));
  return composer.isRich ? text.replace(/\n/g, "\n\n") : text;
}

function selected({ selection: [anchor, caret] }: SimulatedComposer): readonly [number, number] {
  return [Math.min(anchor, caret), Math.max(anchor, caret)];
}

function insert(composer: SimulatedComposer, piece: string): void {
  const [from, to] = selected(composer);
  composer.text = composer.text.slice(0, from) + piece + composer.text.slice(to);
  composer.selection = [from + piece.length, from + piece.length];
}

function submit(composer: SimulatedComposer, { submitted }: KeySurroundings): void {
  if (composer.text.trim() !== "") {
    composer.submissions.push(composer.text);
    submitted(composer.text);
  }
  composer.text = "";
  composer.selection = [0, 0];
}

function lastCharacterStart(text: string): number {
  let start = 0;
  for (const { index } of new Intl.Segmenter().segment(text)) start = index;
  return start;
}
