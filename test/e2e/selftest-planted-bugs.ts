/** Bugs that are planted into the code: a selftest that finds none of them is worth nothing. */

export interface PlantedBug {
  readonly what: string;
  readonly file: string;
  /** Each place stands there exactly once. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** The line of the table that finds it, and what it says. */
  readonly check: string;
  readonly says: RegExp;
}

/** They do not meet: one build has them all. */
export const IN_FILES_AND_PANES: readonly PlantedBug[] = [
  {
    what: "inbox files lack their last character",
    file: "src/delivery/inbox-file.ts",
    edits: [
      ["    message.body,\n  ];", "    message.body.slice(0, -1),\n  ];"],
      ["return provenByReading(target, file, content, message);", "return { ok: true, file };"],
    ],
    check: "inbox_killed_worker",
    says: /^altered: msg_\w+ for Reader-\d arrived as/,
  },
  {
    what: "the agent takes a message twice",
    file: "src/selftest/fake-agent.ts",
    edits: [
      [
        "  log({ submitted: text, key });\n",
        '  log({ submitted: text, key });\n  if (text.includes("many words")) log({ submitted: text, key });\n',
      ],
    ],
    check: "terminal_plain",
    says: /^doubled: msg_\w+ for Plain arrived 2 times/,
  },
  {
    what: "an Enter is believed to have worked",
    file: "src/transports/tmux/submit.ts",
    edits: [
      [
        '    timing.miss(agent.name, "tmux", "submit");\n',
        "    attempt.record({ type: 'submitted', at: clock.now(), ms: 1, enters: 1 }, true);\n    return null;\n",
      ],
    ],
    check: "terminal_swallowed_enter",
    says: /^lost: msg_\w+ for Swallows is said to be delivered, and never arrived/,
  },
  {
    what: "a dialog is not told from a composer",
    file: "src/transports/tmux/composer.ts",
    edits: [["  if (dialog !== null) return { kind:", "  if (dialog === undefined) return { kind:"]],
    check: "terminal_dialog",
    says: /^swarm said \w+ instead of dialog_in_front/,
  },
  {
    what: "a draft is taken out and not put back",
    file: "src/transports/tmux/draft.ts",
    edits: [["  if (!draft) return true;\n", "  return true;\n"]],
    check: "terminal_draft",
    says: /^the draft was not there as it had been/,
  },
  {
    what: "a shell is not told from an agent",
    file: "src/domain/terminal-profile.ts",
    edits: [["return SHELLS.has(name", "return name === null && SHELLS.has(name"]],
    check: "terminal_shell",
    says: /to a shell, which executed it$/,
  },
];

/** Apart from those over which messages wait until the minute is over. */
export const IN_RECOVERY: readonly PlantedBug[] = [
  {
    what: "what a dead worker had typed is believed to be submitted",
    file: "src/transports/tmux/index.ts",
    edits: [
      [
        "goOn(work, last.seen) : gone",
        "(attempt.record({ type: 'submitted', at: work.clock.now(), ms: 1, enters: 1 }, true), { kind: 'confirmed' }) : gone",
      ],
    ],
    check: "terminal_killed_worker",
    says: /^lost: msg_\w+ for Killed is said to be delivered, and never arrived/,
  },
];

export const IN_ITS_LOOK_AT_THE_FOCUS: readonly PlantedBug[] = [
  {
    what: "the focus is not looked at",
    file: "src/desktop/x11/aim.ts",
    edits: [
      ["    watch.changes === 0\n", "    watch.changes < 1_000\n"],
      ["  if (active !== window || !(await isInside(x, focus, window))) {", "  if (focus === -1) {"],
    ],
    check: "window_stolen_focus",
    says: /^[1-9]\d* keys and pastes fell into the other window/,
  },
];

export const IN_WINDOWS: readonly PlantedBug[] = [
  {
    what: "the clipboard, the pointer and the active window are left as they were used",
    file: "src/transports/desktop/session.ts",
    edits: [["    isBroken = false;\n    await hands.restore(guest);\n", "    isBroken = false;\n"]],
    check: "window_guest",
    says: /^the (clipboard|pointer|active window) was not put back after msg_/,
  },
  {
    what: "an Enter is believed to have worked",
    file: "src/transports/desktop/submit.ts",
    edits: [
      [
        '    case "cut":\n    case "still_there": {\n',
        '    case "cut":\n    case "still_there": {\n      return submitted(work, entered.at, enters);\n',
      ],
    ],
    check: "window_swallowed_enter",
    says: /^lost: msg_\w+ for Window is said to be delivered, and never arrived/,
  },
  {
    what: "a draft is taken out and not put back",
    file: "src/transports/desktop/put-back.ts",
    edits: [["const wanted = work.draft?.content ?? {", "const wanted = {"]],
    check: "window_draft",
    says: /^the draft was not there as it had been/,
  },
];
