import { readFileSync } from "node:fs";
import { renderersOf } from "../desktop-fixture/renderers.ts";
import { type EventJson, eventsOf } from "../e2e/desktop-agents.ts";
import type { Workspace } from "../e2e/workspace.ts";
import { AGENTS, PERSON, type Scene } from "./scene.ts";
import type { Sent } from "./verdict.ts";

/**
 * What swarm recorded of these messages, a line each, in the order in which they were first attempted, and what reached
 * the pages: for a failure.
 */
export async function storiesOf(
  { workspace, stage }: Scene,
  sent: readonly Sent[],
): Promise<readonly string[]> {
  const told: { readonly at: string; readonly line: string }[] = [];
  for (const { id, recipient } of sent) {
    const events = await eventsOf(workspace, id);
    told.push({
      at: `${events[0]?.at}`,
      line: `${recipient} ${id}: ${events.map((event) => inShort(workspace, event)).join(" > ")}`,
    });
  }
  const pages = await Promise.all(
    AGENTS.map(async (name) => {
      const history = await stage.pages.history(name).catch((error: unknown) => [String(error)]);
      return `${name}:\n  ${history.join("\n  ")}`;
    }),
  );
  const processes = (await renderersOf(stage, stage.windowOf(PERSON))).map(
    (pid) => `page process ${pid}: ${stateOf(pid)}`,
  );
  return [...told.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map(({ line }) => line), ...pages, ...processes];
}

function inShort(workspace: Workspace, { type, at, error, file }: EventJson): string {
  const time = /T(.*)Z/.exec(`${at}`)?.[1];
  const reason = (error as { readonly code: string; readonly message: string } | undefined) ?? null;
  const about = type === "draft_saved" ? ` ${draftIn(workspace, `${file}`)}` : "";
  return `${time} ${type}${about}${reason ? ` (${reason.code}: ${reason.message})` : ""}`;
}

/** Whether it runs or is stopped, and its memory. */
function stateOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (status.match(/^(?:State|VmRSS):.*$/gm) ?? []).join(" ").replace(/\s+/g, " ");
}

function draftIn(workspace: Workspace, file: string): string {
  const { text } = JSON.parse(readFileSync(workspace.path(file), "utf8")) as { readonly text: string };
  return JSON.stringify(text.slice(0, 60));
}
