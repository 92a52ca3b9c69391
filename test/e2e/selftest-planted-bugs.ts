/** Bugs that are planted into the code: a selftest that finds none of them is worth nothing. */

export interface PlantedBug {
  readonly what: string;
  readonly file: string;
  /** Each stands there exactly once. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** The line of the table that finds it, and what it says. */
  readonly check: string;
  readonly says: RegExp;
}

/** They do not meet: one build has them all. */
export const WITHOUT_WINDOWS: readonly PlantedBug[] = [
  {
    what: "files are written without their last character",
    file: "src/delivery/inbox-file.ts",
    edits: [
      ["    message.body,\n  ];", "    message.body.slice(0, -1),\n  ];"],
      ["return provenByReading(target, file, content, message);", "return { ok: true, file };"],
    ],
    check: "inbox_killed_worker",
    says: /^altered: msg_\w+ for Reader-\d arrived as/,
  },
  {
    what: "a shell is not told from an agent",
    file: "src/domain/terminal-profile.ts",
    edits: [['return SHELLS.has(name.replace(/^-/, "").toLowerCase());', "return SHELLS.has(`${name}!`);"]],
    check: "terminal_shell",
    says: /to a shell, which executed it/,
  },
  {
    what: "a dialog is not told from a composer",
    file: "src/transports/tmux/composer.ts",
    edits: [],
    check: "terminal_dialog",
    says: /fell into the dialog/,
  },
  {
    what: "a draft is taken out and not put back",
    file: "src/transports/tmux/draft.ts",
    edits: [["  if (!draft) return true;\n", "  return true;\n"]],
    check: "terminal_draft",
    says: /^the draft was not there as it had been \(0 times\)/,
  },
  {
    what: "what a dead worker had typed is taken for submitted",
    file: "src/transports/tmux/index.ts",
    edits: [
      [
        "return holdsText(work, last.seen) ? goOn(work, last.seen)",
        'return holdsText(work, last.seen) ? { kind: "confirmed" }',
      ],
    ],
    check: "terminal_killed_worker",
    says: /^lost: msg_\w+ for Killed is said to be delivered, and never arrived/,
  },
  {
    what: "an agent that submits what it was given twice",
    file: "src/selftest/fake-agent.ts",
    edits: [
      [
        "  log({ submitted: text, key });\n",
        "  log({ submitted: text, key });\n  if (!isEver('swallow-enter') && text.includes('many words')) log({ submitted: text, key });\n",
      ],
    ],
    check: "terminal_plain",
    says: /^doubled: msg_\w+ for Plain arrived 2 times/,
  },
];
