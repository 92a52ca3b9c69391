/** All panes of a server, and which of them a target names: exactly, and not by a beginning or a guess as tmux does it. */
import type { Pin } from "./pane.ts";

export interface ListedPane {
  readonly pin: Pin;
  readonly sessionName: string;
  readonly windowIndex: string;
  readonly windowId: string;
  readonly windowName: string;
  readonly paneIndex: string;
  readonly program: string;
}

/** The names come last: a session's can't hold a colon, a window's can hold anything. */
export const LIST_COMMAND = [
  "list-panes",
  "-a",
  "-F",
  "#{pid} #{session_id} #{pane_id} #{pane_pid} #{window_index} #{window_id} #{pane_index} #{pane_current_command}\t#{session_name}:#{window_name}",
] as const;

/** Each pane once, also where several sessions share its window. */
export function parsePanes(lines: readonly string[]): readonly ListedPane[] {
  return lines.flatMap((line) => {
    const [, facts = "", sessionName = "", windowName = ""] = /^([^\t]*)\t([^:]*):(.*)$/.exec(line) ?? [];
    const [serverPid, sessionId, paneId, panePid, windowIndex, windowId, paneIndex, ...program] =
      facts.split(" ");
    if (!serverPid || !sessionId || !paneId || !panePid || !windowIndex || !windowId || !paneIndex) return [];
    const pin = { serverPid, sessionId, paneId, panePid };
    return [{ pin, sessionName, windowIndex, windowId, windowName, paneIndex, program: program.join(" ") }];
  });
}

/** `%5`, `session`, `session:window` and `session:window.pane`, where a window is its index, name or `@id`. */
export function panesNamed(target: string, panes: readonly ListedPane[]): readonly ListedPane[] {
  const named = panes.filter((pane) => namesOf(pane).includes(target.replace(/^=/, "").replace(/:$/, "")));
  return named.filter((pane, i) => named.findIndex(({ pin }) => pin.paneId === pane.pin.paneId) === i);
}

function namesOf({
  pin,
  sessionName,
  windowIndex,
  windowId,
  windowName,
  paneIndex,
}: ListedPane): readonly string[] {
  const sessions = [sessionName, pin.sessionId];
  const windows = [windowIndex, windowId, windowName];
  const inSession = windows.flatMap((window) => sessions.map((session) => `${session}:${window}`));
  const all = [...inSession, windowId];
  return [
    pin.paneId,
    ...sessions,
    ...all,
    ...all.flatMap((at) => [`${at}.${paneIndex}`, `${at}.${pin.paneId}`]),
  ];
}

/** Names the pane by numbers: a window's name follows what runs in it. */
export function targetOf({ sessionName, windowIndex, paneIndex }: ListedPane): string {
  return `${sessionName}:${windowIndex}.${paneIndex}`;
}

/** As people know it: `work:agents.0 (%5)`. */
export function whereOf({ pin, sessionName, windowName, paneIndex }: ListedPane): string {
  return `${sessionName}:${windowName}.${paneIndex} (${pin.paneId})`;
}
