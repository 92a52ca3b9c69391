/**
 * A terminal profile is data: how the screen of one kind of terminal agent is read, and which keys it takes. Patterns are
 * sources of regular expressions, held against one line of the screen without its frame; keys are named as tmux names them.
 */
export interface TerminalProfile {
  readonly name: string;
  /** Names of programs and scripts, of which one runs in the pane's foreground. Empty: chosen only by name. */
  readonly programs: readonly string[];
  /** What stands before the text in the composer's first line. */
  readonly prompt: string;
  /** A last line in the composer's box that is not part of its text. */
  readonly footer: readonly string[];
  /** Text that an empty composer shows and does not draw fainter than other text. */
  readonly placeholder: readonly string[];
  /** What the composer shows in place of a long paste. */
  readonly longPaste: string;
  /** Lines that only a dialog or menu has. */
  readonly dialog: readonly string[];
  /** Lines that say that the agent works, or that it has put a message into a queue of its own. */
  readonly busy: readonly string[];
  readonly queued: readonly string[];
  /** Empties the composer; empty: it can't be done by keys. */
  readonly clear: readonly string[];
  readonly submit: string;
  /** Submits an urgent message, or null: as any other. */
  readonly urgentSubmit: string | null;
  /** The program takes a paste as one piece: several lines are not submitted one by one. */
  readonly takesPastes: boolean;
}

/** To the end of the line, and all before it; where the line was empty, it is joined with the next or the one before. */
const CLEAR_LINE_BY_LINE = ["C-e", "C-u", "C-k", "BSpace"];

const GENERIC: TerminalProfile = {
  name: "generic",
  programs: [],
  prompt: "^\\s*[>›❯»➤▶]\\s?",
  footer: [],
  placeholder: [],
  longPaste: "\\[Pasted [^\\]]*\\]",
  dialog: [
    "\\((?:y/n|Y/n|y/N|yes/no)\\)|\\[(?:y/n|Y/n|y/N)\\]",
    "(?:press|hit) enter to (?:confirm|continue|select|proceed)",
    "enter to (?:confirm|select)|use (?:the )?arrow keys|↑/↓ to (?:select|navigate|move)",
    "do you (?:trust|want to (?:proceed|continue|allow|make this edit|run))",
  ],
  busy: ["esc (?:to )?(?:interrupt|cancel)"],
  queued: ["\\bqueued\\b", "messages to be submitted after"],
  clear: [],
  submit: "Enter",
  urgentSubmit: null,
  takesPastes: false,
};

/** The built-in profiles; `generic` serves every agent that none of the others knows. */
export const TERMINAL_PROFILES: readonly TerminalProfile[] = [
  GENERIC,
  {
    ...GENERIC,
    name: "codex",
    programs: ["codex"],
    prompt: "^\\s*›\\s?",
    clear: CLEAR_LINE_BY_LINE,
    takesPastes: true,
  },
  {
    ...GENERIC,
    name: "gemini",
    programs: ["gemini", "gemini-cli"],
    prompt: "^\\s*[>!*]\\s?",
    placeholder: ["^Type your message or @path/to/file\\s*$"],
    clear: CLEAR_LINE_BY_LINE,
    takesPastes: true,
  },
  {
    ...GENERIC,
    name: "opencode",
    programs: ["opencode", "opencode-ai"],
    footer: ["^\\s*\\S+ +· +\\S"],
    placeholder: ["^Ask anything\\b.*$"],
    clear: CLEAR_LINE_BY_LINE,
    takesPastes: true,
  },
  {
    ...GENERIC,
    name: "claude",
    programs: ["claude", "claude-code"],
    prompt: "^\\s*[>❯]\\s?",
    clear: CLEAR_LINE_BY_LINE,
    takesPastes: true,
  },
];

/** A program that runs commands: text typed into it would be executed. */
const SHELLS: ReadonlySet<string> = new Set(
  "sh ash bash dash zsh fish ksh mksh tcsh csh nu pwsh powershell elvish xonsh osh rbash busybox ssh mosh su sudo".split(
    " ",
  ),
);

export function isShell(name: string): boolean {
  return SHELLS.has(name.replace(/^-/, "").toLowerCase());
}
