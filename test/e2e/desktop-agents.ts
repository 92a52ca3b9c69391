/** A workspace whose agents are the windows of a stage, and what the pages' server says about their messages. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import type { Stage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import type { MessageJson, Tracker } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

export const THREE_PIECES = ["inbox_file", "typed", "submitted"];

/** Agents are called as the windows are. `delivery` goes to swarm.json. */
export function desktopWorkspace(stage: Stage, names: readonly string[], delivery: object = {}): Workspace {
  return createWorkspace({
    config: { agents: agentsOf(stage, names), delivery },
    env: stage.desktop.env,
  });
}

function agentsOf(stage: Stage, names: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      { transport: "desktop", profile: "chat", window: { title: stage.titleOf(name) }, input: INPUT_POINT },
    ]),
  );
}

/** Equal as `docs/delivery.md` defines it: up to runs of line breaks and trailing blanks. */
export function comparable(text: string): string {
  return text
    .replace(/[ \t]+(?=\n|$)/g, "")
    .replace(/\n{2,}/g, "\n")
    .replace(/^\n|\n$/g, "");
}

/** The text that is typed for a message. */
export function typedText({ id, sender }: { id: string; sender: string }, body: string): string {
  return `[#${id} from ${sender}] ${body}`;
}

/** What was submitted, by page, in the order in which it was; comparable. */
export function submittedTexts(stage: Stage, names: readonly string[]): Readonly<Record<string, string[]>> {
  return Object.fromEntries(
    names.map((name) => [name, stage.pages.submissions(name).map(({ text }) => comparable(text))]),
  );
}

/** The id of the message that a submitted text is of. */
export function idIn(text: string): string {
  return /^\[#(msg_\w+) from /.exec(text)?.[1] ?? `no id in: ${text.slice(0, 60)}`;
}

export async function trackerSays(
  workspace: Workspace,
  isTrue: (tracker: Tracker) => boolean,
  deadlineMs?: number,
): Promise<Tracker> {
  return await until(
    "the tracker is true",
    () => {
      // A worker that has just started has not written it yet.
      const tracker = JSON.parse(
        contentOf(workspace.path("runtime/message_delivery_tracking.json")) || "{}",
      ) as Tracker;
      return isTrue(tracker) && tracker;
    },
    deadlineMs,
  );
}

/** A message's events, as `status ID --json` shows them. */
export interface EventJson {
  readonly type: string;
  readonly at: string;
  readonly [field: string]: unknown;
}

export async function eventsOf(workspace: Workspace, id: string): Promise<readonly EventJson[]> {
  return (await workspace.json<MessageJson & { readonly events: readonly EventJson[] }>(["status", id]))
    .events;
}

/** The last event's type of each message that is under way now; the events are the lines of its file. */
export function stepsUnderWay(workspace: Workspace): readonly string[] {
  const folder = workspace.path("runtime/queue/active");
  return listed(folder).flatMap((name) => {
    const types = contentOf(join(folder, name)).matchAll(/^\{"type":"(\w+)"/gm);
    return [...types].at(-1)?.[1] ?? [];
  });
}

/** Process ids of the workspace's worker and of its driver, found without asking them. */
export function pidsOf(workspace: Workspace): {
  readonly worker: number | null;
  readonly driver: number | null;
} {
  const of = (part: string) =>
    workspace
      .processes()
      .find((pid) => contentOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").includes(part));
  return { worker: of("worker --background") ?? null, driver: of("dist/driver.cjs") ?? null };
}

/** Numbers in [0, 1) that look random and are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
