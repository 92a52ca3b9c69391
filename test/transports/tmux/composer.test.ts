import { describe, expect, it } from "vitest";
import { TERMINAL_PROFILES, type TerminalProfile } from "../../../src/domain/terminal-profile.ts";
import type { Screen } from "../../../src/ports/terminals.ts";
import { screenRows } from "../../../src/tmux/screen-rows.ts";
import { readComposer } from "../../../src/transports/tmux/composer.ts";

const DIM = "\u001b[2m";
const GREY = "\u001b[38;5;8m";
const OFF = "\u001b[0m";
const RULE = "─".repeat(40);

/** As `capture-pane -e` prints it; `▮` is where the cursor stands. */
function screen(...lines: readonly string[]): Screen {
  const y = lines.findIndex((line) => line.includes("▮"));
  const before = (lines[y] ?? "").split("▮")[0] ?? "";
  const x = before.replace(/\u001b\[[\d;]*m/g, "").length;
  return {
    rows: screenRows(lines.map((line) => line.replace("▮", ""))),
    columns: 60,
    cursor: { x, y },
    title: "",
    program: "node",
    isInMode: false,
    takesPastes: null,
  };
}

function profile(name: string): TerminalProfile {
  const found = TERMINAL_PROFILES.find((one) => one.name === name);
  if (!found) throw new Error(`no profile ${name}`);
  return found;
}

const read = (name: string, ...lines: readonly string[]) => readComposer(screen(...lines), profile(name));

describe("an empty composer", () => {
  it.each([
    ["codex", ["• Done.", "", `› ▮${DIM}Ask Codex to do anything${OFF}`, "", "  ? for shortcuts"]],
    [
      "gemini",
      [`╭${RULE}╮`, `│ > ▮${DIM}Type your message or @path/to/file${OFF}      │`, `╰${RULE}╯`, "~/p (main)"],
    ],
    [
      "opencode",
      [
        "",
        "  ┃                                    ",
        `  ┃  ▮${GREY}Ask anything… "Fix broken tests"${OFF}    `,
        "  ┃                                    ",
        `  ┃  Build ${GREY}·${OFF} Claude Sonnet ${GREY}Anthropic${OFF}  `,
        "  ╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀",
      ],
    ],
    ["claude", [RULE, "❯\u00a0▮", RULE, "  ⏵⏵ auto mode on (shift+tab to cycle)"]],
    ["generic", [RULE, "> ▮", RULE]],
  ])("of %s is read as empty", (name, lines) => {
    expect(read(name, ...lines)).toMatchObject({ kind: "composer", text: "" });
  });

  it("is none where the cursor stands on the mark of a choice instead of behind it", () => {
    const menu = [
      "Which one shall it be?",
      "",
      "▮❯ The first one",
      "  The second one",
      "",
      "  ? for shortcuts",
    ];
    expect(read("claude", ...menu)).toEqual({ kind: "unknown" });
  });

  it("is found by its prompt between frame lines where the agent parks the cursor", () => {
    expect(read("claude", "hello", RULE, "❯ ", RULE, "  status ▮")).toMatchObject({
      kind: "composer",
      text: "",
    });
  });
});

describe("a text in a composer", () => {
  it.each([
    [
      "codex",
      ["› an older message", "", "• Done.", "", "› one line", "  and another▮", "", "  ? for shortcuts"],
    ],
    [
      "gemini",
      [
        `╭${RULE}╮`,
        "│ > one line                               │",
        "│   and another▮                           │",
        `╰${RULE}╯`,
      ],
    ],
    [
      "opencode",
      [
        "",
        "  ┃                                    ",
        "  ┃  one line                          ",
        "  ┃  and another▮                      ",
        "  ┃                                    ",
        "  ┃  Build · Claude Sonnet Anthropic   ",
        "  ╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀",
      ],
    ],
    ["claude", [RULE, "❯\u00a0one line", "  and another▮", RULE, "  ⏵⏵ auto mode on"]],
  ])("of %s is read without frame, prompt, indent and footer", (name, lines) => {
    expect(read(name, ...lines)).toMatchObject({ kind: "composer", text: "one line\nand another" });
  });

  it.each([
    [
      "claude",
      [RULE, "❯ [#msg_1 from A] look:", "  > a quote", "  ❯ and a prompt", "  > the last line▮", RULE],
    ],
    [
      "codex",
      ["› older", "", "› [#msg_1 from A] look:", "  > a quote", "  ❯ and a prompt", "  > the last line▮"],
    ],
  ])("of %s may have lines that look like a prompt", (name, lines) => {
    const text = "[#msg_1 from A] look:\n> a quote\n❯ and a prompt\n> the last line";
    expect(read(name, ...lines)).toMatchObject({ kind: "composer", text });
  });

  it("may begin like a list", () => {
    expect(read("claude", RULE, "❯ 1. first", "  2. second▮", RULE)).toMatchObject({
      kind: "composer",
      text: "1. first\n2. second",
    });
  });
});

describe("a question", () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      "with choices without numbers, where the cursor stands on the mark",
      "claude",
      [
        RULE,
        " Quick safety check",
        "",
        "▮ ❯ No, exit",
        "   Yes, I trust this folder",
        "",
        " Enter to confirm · Esc to cancel",
      ],
    ],
    [
      "with choices without numbers, where the cursor stands behind the first one",
      "claude",
      [RULE, " ❯ No, exit▮", "   Yes, I trust this folder", "", " Enter to confirm · Esc to cancel"],
    ],
    [
      "with numbered choices in place of the composer",
      "claude",
      [RULE, " Do you want to make this edit?", " ❯ 1. Yes▮", "   2. No, and tell it what to do", RULE],
    ],
    [
      "in a box above a composer that can't be used yet",
      "gemini",
      [
        `╭${RULE}╮`,
        "│ Do you trust this folder?                │",
        "│ ● 1. Trust folder                        │",
        "│   2. Don't trust                         │",
        `╰${RULE}╯`,
        `╭${RULE}╮`,
        "│ > ▮                                      │",
        `╰${RULE}╯`,
      ],
    ],
    ["that waits for y or n", "generic", ["Apply this change? (y/n) ▮"]],
  ])("%s is a dialog", (_, name, lines) => {
    expect(read(name, ...lines)).toMatchObject({ kind: "dialog" });
  });

  it("in the conversation above a composer is none", () => {
    const talk = ["• Do you want to proceed? (y/n)", "  1. Yes", "  2. No", "", RULE, "❯ ▮", RULE];
    expect(read("claude", ...talk)).toMatchObject({ kind: "composer", text: "" });
  });

  it("is not what a list of commands shows below a command that is typed", () => {
    const list = [RULE, "❯ /mod▮", RULE, "  /model   choose a model", "  ↑/↓ to navigate · enter to select"];
    expect(read("claude", ...list)).toMatchObject({ kind: "composer", text: "/mod" });
  });
});

describe("anything else", () => {
  it.each([
    ["a shell", ["$ ls", "a b c", "$ ▮"]],
    ["an editor", ["fn main() {", "    let x = 1;▮", "}", "~", "~", "-- INSERT --"]],
    ["nothing", ["▮"]],
    ["a program that prints", ["compiling 1 of 20", "compiling 2 of 20▮"]],
  ])("is unknown: %s", (_, lines) => {
    for (const { name } of TERMINAL_PROFILES) expect(read(name, ...lines), name).toEqual({ kind: "unknown" });
  });
});
