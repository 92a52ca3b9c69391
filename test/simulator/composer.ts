/** What a text field does with keys. */
export interface SimulatedComposer {
  text: string;
  /** Where the selection begins and ends; the caret is its end. */
  selection: readonly [number, number];
  readonly submissions: string[];
  /** The left arrow goes to the next character. */
  readonly isRightToLeft: boolean;
}

/** What a key finds and leaves outside of the field. */
export interface KeySurroundings {
  readonly clipboard: string;
  /** Takes what was copied. */
  copy(text: string): void;
}

export function simulatedComposer(isRightToLeft: boolean): SimulatedComposer {
  return { text: "", selection: [0, 0], submissions: [], isRightToLeft };
}

/** Handles one chord, as `Ctrl+A` or `Cmd+A`; others do nothing. */
export function handleKey(composer: SimulatedComposer, chord: string, around: KeySurroundings): void {
  const [from, to] = composer.selection;
  const end = composer.text.length;
  switch (chord.replace(/\bCmd\b/, "Ctrl")) {
    case "Ctrl+A":
      composer.selection = [0, end];
      break;
    case "Ctrl+C":
      if (from !== to) around.copy(composer.text.slice(from, to));
      break;
    case "Ctrl+V":
      insert(composer, around.clipboard.replace(/\r\n?/g, "\n"));
      break;
    case "Ctrl+End":
    case "Ctrl+Down":
      composer.selection = [end, end];
      break;
    case composer.isRightToLeft ? "Shift+Right" : "Shift+Left":
      composer.selection = [lastCharacterStart(composer.text.slice(0, to)), to];
      break;
    case composer.isRightToLeft ? "Shift+Left" : "Shift+Right":
      composer.selection = [to, Math.min(end, to + 1)];
      break;
    case "Backspace":
      if (from === to) composer.selection = [lastCharacterStart(composer.text.slice(0, to)), to];
      insert(composer, "");
      break;
    case "Shift+Enter":
      insert(composer, "\n");
      break;
    case "Enter":
      submit(composer);
      break;
    default:
      break;
  }
}

function insert(composer: SimulatedComposer, piece: string): void {
  const [from, to] = composer.selection;
  composer.text = composer.text.slice(0, from) + piece + composer.text.slice(to);
  composer.selection = [from + piece.length, from + piece.length];
}

function submit(composer: SimulatedComposer): void {
  if (composer.text.trim() !== "") composer.submissions.push(composer.text);
  composer.text = "";
  composer.selection = [0, 0];
}

function lastCharacterStart(text: string): number {
  let start = 0;
  for (const { index } of new Intl.Segmenter().segment(text)) start = index;
  return start;
}
