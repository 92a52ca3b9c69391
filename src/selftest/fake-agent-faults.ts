/** What the fake agent does wrong, as real ones do. */

type Fault =
  | "swallow-enter" // does not take the first Enter of a message
  | "swallow-three-enters" // takes none of the first three
  | "late" // answers everything 2 s late
  | "stall" // takes no key for 2 s from a paste on
  | "deaf" // takes no key for 16 s after a paste, and then all of them
  | "slow-to-clear" // stands still for 10.8 s at the first key that empties its composer
  | "repaint" // draws everything anew ten times a second
  | "torn" // draws each frame in two pieces, the first up to the prompt
  | "lose-paste" // takes no paste
  | "dialog-after-paste" // opens a dialog between paste and Enter
  | "exit-after-paste" // ends between paste and Enter
  | "dialog-first" // starts with a dialog
  | "next-screen" // shows the first message on another screen, 0.4 s later, with another composer
  | "busy" // works on each message for a second
  | "no-paste-mode" // never asks for bracketed paste
  | "alternate-screen" // draws on the terminal's other screen
  | "parked-cursor"; // hides the cursor at the bottom

export interface Faults {
  /** Whether it happens now. */
  has(fault: Fault): boolean;
  /** Whether it may ever happen. */
  isEver(fault: Fault): boolean;
}

/** Each word is a fault, perhaps with its chance: `swallow-enter=0.2`. */
export function faultsOf(words: readonly string[]): Faults {
  const chances = new Map(words.map((word) => [word.split("=")[0], Number(word.split("=")[1] ?? 1)]));
  return {
    has: (fault) => Math.random() < (chances.get(fault) ?? 0),
    isEver: (fault) => chances.has(fault),
  };
}
