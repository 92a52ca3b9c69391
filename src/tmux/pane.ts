/** One pinned pane: each look and each action first makes sure that it still is the same pane with the same program. */
import type { DeliveryError } from "../domain/errors.ts";
import type { OnPane, Pane, PaneRefusal, Screen } from "../ports/terminals.ts";
import { tryLock } from "../support/kernel-lock.ts";
import type { Command, Link, TmuxBuffer } from "./link.ts";
import { foregroundPrograms } from "./programs.ts";
import { screenRows } from "./screen-rows.ts";

/** What never changes while it is the same pane. */
export interface Pin {
  readonly serverPid: string;
  readonly sessionId: string;
  readonly paneId: string;
  readonly panePid: string;
}

/** The pin, then the state of the pane, in one line; the program's name comes last, for it can hold blanks. */
const PIN_FORMAT = "#{pid} #{session_id} #{pane_id} #{pane_pid}";
const STATE_FORMAT = "#{pane_dead} #{pane_input_off} #{pane_synchronized} #{pane_in_mode}";
const MOMENT_FORMAT = "#{cursor_x} #{cursor_y} #{pane_current_command}";
const HOLD_EVERY_MS = 20;
const DONE = "done";
const OTHER = "other";

export function pinnedPane(link: Link, pin: Pin, where: string): Pane {
  const target = ["-t", pin.paneId];
  const pinned = `${pin.serverPid} ${pin.sessionId} ${pin.paneId} ${pin.panePid}`;

  /** Does `commands` only if the pane, its state and what was seen on it are still the same, in one step for tmux. */
  const guarded = async (
    commands: readonly Command[],
    otherwise: readonly Command[],
    seen: Screen,
    buffer?: TmuxBuffer,
  ): Promise<OnPane<object>> => {
    const moment = `${seen.cursor.x} ${seen.cursor.y} ${seen.program}`;
    const condition = `#{==:${PIN_FORMAT} ${STATE_FORMAT} ${MOMENT_FORMAT},${pinned} 0 0 0 0 ${escaped(moment)}}`;
    const branch = (list: readonly Command[], end: string) =>
      [...list, ["display-message", "-p", end]].map(asWords).join(" ; ");
    const answer = await link.run(
      [["if-shell", "-F", ...target, condition, branch(commands, DONE), branch(otherwise, OTHER)]],
      buffer,
    );
    if (!answer.ok) return gone(where, answer.reason);
    return answer.lines.at(-1) === DONE ? { ok: true } : whatMoved(await look(), where);
  };

  const look = async (): Promise<OnPane<{ readonly screen: Screen }>> => {
    const answer = await link.run([
      [
        "display-message",
        "-p",
        ...target,
        `${PIN_FORMAT} ${STATE_FORMAT} #{pane_width} #{bracket_paste_flag}`,
      ],
      ["display-message", "-p", ...target, MOMENT_FORMAT],
      ["display-message", "-p", ...target, "#{pane_title}"],
      ["capture-pane", "-p", "-e", ...target],
    ]);
    if (!answer.ok) return gone(where, answer.reason);
    const [state = "", moment = "", title = "", ...lines] = answer.lines;
    const words = state.split(" ");
    if (words.slice(0, 4).join(" ") !== pinned) return gone(where, "it is another one now");
    const [isDead, isInputOff, isSynchronized, isInMode, columns, takesPastes = ""] = words.slice(4);
    if (isDead === "1") return gone(where, "its program has ended");
    if (isInputOff === "1")
      return refused("pane_not_found", `the pane ${where} takes no input`, "allow it: tmux select-pane -e");
    if (isSynchronized === "1") return refused(...synchronized(where));
    const [x = "0", y = "0", ...program] = moment.split(" ");
    const screen: Screen = {
      rows: screenRows(lines),
      columns: Number(columns),
      cursor: { x: Number(x), y: Number(y) },
      title,
      program: program.join(" "),
      isInMode: isInMode !== "0",
      // Told from tmux 3.7 on.
      takesPastes: takesPastes === "" ? null : takesPastes === "1",
    };
    return { ok: true, screen };
  };

  return {
    where,
    look,
    programs: () => foregroundPrograms(Number(pin.panePid)),
    async hold(waitMs) {
      const until = performance.now() + waitMs;
      for (;;) {
        const lock = await tryLock(`swarm-pane-${pin.serverPid}-${pin.paneId.slice(1)}`);
        if (lock) return () => lock.release();
        if (performance.now() >= until) return null;
        await new Promise((resolve) => setTimeout(resolve, HOLD_EVERY_MS));
      }
    },
    async leaveMode() {
      const answer = await link.run([["copy-mode", "-q", ...target]]);
      return answer.ok ? { ok: true } : gone(where, answer.reason);
    },
    paste: (text, seen) => {
      const name = `swarm-${pin.paneId.slice(1)}`;
      const paste = ["paste-buffer", "-p", "-d", "-b", name, ...target];
      return guarded([paste], [["delete-buffer", "-b", name]], seen, { name, text });
    },
    press: (keys, seen) => guarded([["send-keys", ...target, ...keys]], [], seen),
  };
}

/** A comma or a closing brace would end a part of the format. */
function escaped(text: string): string {
  return text.replace(/[#,}]/g, (character) => `#${character}`);
}

/** Words that need no quotes: a branch of `if-shell` is a string within a string. */
function asWords(command: Command): string {
  return command.map((word) => (/^[\w%@.:+-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}

async function whatMoved(now: OnPane<{ readonly screen: Screen }>, where: string): Promise<PaneRefusal> {
  if (!now.ok) return now;
  return {
    ok: false,
    isMoved: true,
    error: {
      code: "readback_mismatch",
      message: `the pane ${where} changed right before a key was to be pressed`,
      hint: "nothing was pressed; the message is tried again by itself",
    },
  };
}

function synchronized(where: string): readonly [DeliveryError["code"], string, string] {
  return [
    "pane_ambiguous",
    `what is typed in the pane ${where} goes to all panes of its window (synchronize-panes is on)`,
    "turn it off: tmux set-option -w synchronize-panes off; the message is tried again by itself",
  ];
}

function gone(where: string, reason: string): PaneRefusal {
  return refused(
    "pane_not_found",
    `the pane ${where} is not there any more: ${reason}`,
    "start the agent again; the message is tried again by itself",
  );
}

function refused(code: DeliveryError["code"], message: string, hint: string): PaneRefusal {
  return { ok: false, isMoved: false, error: { code, message, hint } };
}
