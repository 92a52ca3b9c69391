import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { desktopWorkspace, idIn, THREE_PIECES, trackerSays } from "./desktop-agents.ts";
import type { SendJson, Tracker } from "./json.ts";
import type { Workspace } from "./workspace.ts";

const PROJECTS = [
  ["One-a", "One-b"],
  ["Two-a", "Two-b"],
] as const;
const MESSAGES = 50;
const SENDERS = 5;
/** With strict turns every message of one project is followed by one of the other. */
const LEAST_TURNS = MESSAGES;
/** A busy machine takes four times as long as an idle one, which needs 0.3 s a message. */
const DEADLINE_MS = 120_000;

let stage: Stage;
let workspaces: readonly Workspace[] = [];

beforeAll(async () => {
  stage = await startStage({
    windows: PROJECTS.flat().map((name) => ({ name, composer: name.endsWith("b") ? "lexical" : "textarea" })),
  });
  workspaces = PROJECTS.map((names) => desktopWorkspace(stage, names));
});
afterAll(async () => {
  for (const workspace of workspaces) await workspace.remove();
  await stage?.stop();
});

/** Ten messages to the two agents of a project in turn, by one sender after the other. */
async function sendTen(
  workspace: Workspace,
  names: readonly string[],
  sender: number,
): Promise<readonly SendJson[]> {
  const sent: SendJson[] = [];
  for (let i = 0; i < MESSAGES / SENDERS; i++) {
    const to = names[i % names.length] ?? "";
    sent.push(await workspace.json<SendJson>(["send", to, `number ${sender}.${i}`, "--no-wait"]));
  }
  return sent;
}

it("two projects on one desktop take turns, and neither waits for the other to finish", async () => {
  const sent = await Promise.all(
    workspaces.map(async (workspace, project) => {
      const names = PROJECTS[project] ?? [];
      const all = Array.from({ length: SENDERS }, (_, sender) => sendTen(workspace, names, sender));
      return (await Promise.all(all)).flat();
    }),
  );
  for (const [project, workspace] of workspaces.entries()) {
    const ids = sent[project]?.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(MESSAGES);
    const areDelivered = (now: Tracker) => ids.every((id) => now[id]?.status === "delivered");
    const tracker = await trackerSays(workspace, areDelivered, DEADLINE_MS);
    for (const id of ids) expect([id, tracker[id]?.evidence]).toEqual([id, THREE_PIECES]);
  }
  const recipients = new Map(sent.flat().map(({ id, recipient }) => [id, recipient]));
  const submitted = stage.pages.submissions();
  expect(submitted).toHaveLength(MESSAGES * 2);
  expect(new Set(submitted.map(({ text }) => idIn(text))).size).toBe(MESSAGES * 2);
  for (const { page, text } of submitted) expect(recipients.get(idIn(text))).toBe(page);

  const turns = submitted.map(({ page }) => page.slice(0, 3));
  const changes = turns.filter((project, i) => i > 0 && project !== turns[i - 1]).length;
  console.info(`turns changed hands ${changes} times in ${turns.length} messages`);
  expect(changes).toBeGreaterThan(LEAST_TURNS);
  expect(Math.abs(turns.lastIndexOf("One") - turns.lastIndexOf("Two"))).toBeLessThan(MESSAGES / 2);
}, 180_000);
