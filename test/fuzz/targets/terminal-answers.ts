/** What tmux answers: lists of panes, states, and screens with every kind of sequence in them. */
import fc from "fast-check";
import { expect } from "vitest";
import { TERMINAL_PROFILES } from "../../../src/domain/terminal-profile.ts";
import type { Screen } from "../../../src/ports/terminals.ts";
import { pinnedPane } from "../../../src/tmux/pane.ts";
import { panesNamed, parsePanes, whereOf } from "../../../src/tmux/pane-list.ts";
import { messageReader } from "../../../src/tmux/wire.ts";
import { besideOwn } from "../../../src/transports/tmux/beside-own.ts";
import { newDialog, readComposer } from "../../../src/transports/tmux/composer.ts";
import { unwrapped, withRevealed } from "../../../src/transports/tmux/draft-text.ts";
import { showsAll, showsMark, showsTail } from "../../../src/transports/tmux/same-screen-text.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { mutatedBytes } from "../mutated.ts";

const PIN = { serverPid: "1", sessionId: "$0", paneId: "%1", panePid: "2" };
const RULE = "─".repeat(60);
const TEXT = "[#msg_20260102_030405_0123abcd from Captain] please look at the last commit 👩‍👩‍👧";
const SCREENS: readonly (readonly string[])[] = [
  ["• Done.", "", "› \u001b[2mAsk Codex to do anything\u001b[0m", "", "  ? for shortcuts"],
  [`╭${RULE}╮`, `│ > ${TEXT.slice(0, 50)} │`, `│   ${TEXT.slice(50)} │`, `╰${RULE}╯`, "~/p (main)"],
  ["", "  ┃", "  ┃  \u001b[38;5;8mAsk anything… \u001b[0m", "  ┃", "  ┃  Build · Claude"],
  ["Allow this?", "❯ 1. Yes", "  2. No", "(esc to cancel)"],
  ["> [Pasted text #1 +40 lines]", "\u000eqqqqx\u000f", "\u001b]8;;http://x\u0007link\u001b]8;;\u0007"],
];
const noise = fc.string({
  unit: fc.constantFrom(
    "\u001b",
    "[",
    "]",
    "m",
    ";",
    "38",
    "2",
    "9",
    "│",
    "─",
    "> ",
    "›",
    " ",
    "x",
    "汉",
    "\u000e",
    "\u0007",
  ),
  maxLength: 200,
});
const number = fc.constantFrom("0", "2", "3", "79", "-1", "99999999999", "1e308", "NaN", "", "x");
const rows = fc.oneof(
  {
    weight: 3,
    arbitrary: mutatedBytes(fc.constantFrom(...SCREENS.map((screen) => screen.join("\n")))).map(String),
  },
  { weight: 1, arbitrary: noise },
);
const answer = fc
  .tuple(mutatedBytes(fc.constant("1 $0 %1 2 0 0 0 0 80 1")).map(String), number, number, rows)
  .map(([state, x, y, screen]) => [state, `${x} ${y} node`, "a title", ...screen.split("\n")]);
const listed = mutatedBytes(
  fc.constant("1 $0 %1 2 0 @0 0 node\tswarm:agents\n1 $0 %2 3 0 @0 1 my program\tswarm:a:b.c"),
).map(String);

/** The server's messages: a stream is opened, written to, and the client is to end. */
const wire = mutatedBytes(
  fc.constant(
    [
      [303, 28, 8, 1, 1, 1, 0],
      [304, 22, 8, 1, 1],
      [203, 20, 8, 1, 0],
    ]
      .map((words) => String.fromCharCode(...words.flatMap((word) => [word & 0xff, word >> 8, 0, 0])))
      .join(""),
  ),
);

export const terminalAnswers: Target = target("terminal answers", 12, () => {
  return feeding({
    inputs: fc.record({
      answer,
      listed,
      wire,
      target: fc.constantFrom("swarm:agents.0", "%1", "", ":", "=", "swarm:a:b.c", "constructor"),
    }),
    async take({ answer, listed, wire, target }) {
      for (const pane of panesNamed(target, parsePanes(listed.split("\n")))) whereOf(pane);
      readMessages(wire);
      const link = { run: async () => ({ ok: true as const, lines: answer }) };
      const pane = pinnedPane(link, PIN, "swarm:agents.0 (%1)");
      const looked = await pane.look();
      if (looked.ok) await readAll(looked.screen, pane);
    },
  });
});

/** In whatever pieces they arrive, they are the same messages. */
function readMessages(bytes: Buffer): void {
  const whole = messagesIn(bytes, bytes.length);
  for (const size of [1, 7]) expect(messagesIn(bytes, size)).toEqual(whole);
}

function messagesIn(bytes: Buffer, size: number): readonly string[] {
  const messages: string[] = [];
  const read = messageReader(({ type, data }) => void messages.push(`${type} ${data.toString("hex")}`));
  for (let at = 0; at < bytes.length; at += size) if (!read(bytes.subarray(at, at + size))) break;
  return messages;
}

async function readAll(screen: Screen, pane: ReturnType<typeof pinnedPane>): Promise<void> {
  for (const profile of TERMINAL_PROFILES) {
    const reading = readComposer(screen, profile);
    newDialog(screen, screen, profile, { from: 0, to: 1 });
    if (reading.kind !== "composer") continue;
    besideOwn(reading.text, TEXT, profile.longPaste);
    withRevealed(unwrapped(reading.text, screen.columns), reading.text);
    const isShown = [showsAll(reading.text, TEXT), showsTail(reading.text, TEXT)].some(Boolean);
    if (isShown && !screen.rows.some(({ text }) => text.includes("commit")))
      throw new Error("a text was seen that is not there");
    showsMark(reading.text, TEXT, profile.longPaste);
  }
  await pane.press(["Enter"], screen);
}
