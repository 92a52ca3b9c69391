/** A field to type in, of one kind. Its texts have single line breaks between lines. */
export interface Composer {
  readonly element: HTMLElement;
  text(): string;
  setText(text: string): void;
  /** Inserts at the caret, as a paste does. */
  insert(text: string): void;
  selectAll(): void;
}

/** Called for Enter without Shift. False: the field does what it would do for Shift+Enter. */
export type OnEnter = () => boolean;

/** True for the Enter that submits: not with Shift, and not the one that ends the choice of a character. */
export function isSubmit(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing;
}
