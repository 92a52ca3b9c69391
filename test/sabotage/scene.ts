/** Four agents of different kinds and a person's page on one desktop, and a workspace that delivers to them. */
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { comparable, desktopWorkspace } from "../e2e/desktop-agents.ts";
import type { Workspace } from "../e2e/workspace.ts";
import { PERSONS_LETTERS } from "./plan.ts";

export const AGENTS = ["Plain", "Rich", "Web", "Paragraphs"] as const;
export const PERSON = "Person";

export interface Scene {
  readonly stage: Stage;
  readonly workspace: Workspace;
  stop(): Promise<void>;
}

/** Many attempts, soon after each other: the sabotage goes on for longer than the usual three would take. */
const DELIVERY = {
  attempts: 10,
  backoff: { initial: "100ms", factor: 1.5, max: "1s" },
  humanIdle: "300ms",
};

const DRAFTS: readonly string[] = [
  "a draft\nof a person\nin three lines",
  "one line that is not finished",
  "first part\n\nsecond part 👍🏽 of it",
];

export async function openScene(delivery: object = DELIVERY): Promise<Scene> {
  const stage = await startStage({
    windows: [
      { name: "Plain" },
      { name: "Rich", composer: "lexical" },
      { name: "Web", composer: "prosemirror" },
      { name: "Paragraphs", composer: "contenteditable" },
      { name: PERSON },
    ],
  });
  const workspace = desktopWorkspace(stage, AGENTS, delivery);
  return {
    stage,
    workspace,
    async stop() {
      await workspace.remove();
      await stage.stop();
    },
  };
}

/**
 * Puts drafts into half of the composers, other ones each round, as a person does whose hands are seen; returns what each
 * composer then holds.
 */
export async function layDrafts({ stage }: Scene, round: number): Promise<ReadonlyMap<string, string>> {
  // Until a key is pressed that may take text away, a draft that swarm put back is held to stand there.
  await stage.windows.activate(stage.windowOf(PERSON));
  await stage.person.press("BackSpace");
  for (const [i, name] of AGENTS.entries()) {
    const draft = (round + i) % 2 === 0 ? DRAFTS[(round + i) % DRAFTS.length] : "";
    await stage.pages.setText(name, draft ?? "");
  }
  await stage.pages.setText(PERSON, "");
  return await textsIn({ stage });
}

/** What the composers hold, comparable, without what the person typed into them by accident. */
export async function textsIn({ stage }: Pick<Scene, "stage">): Promise<ReadonlyMap<string, string>> {
  const texts = AGENTS.map(
    async (name) => [name, withoutPersons((await stage.pages.state(name)).text)] as const,
  );
  return new Map(await Promise.all(texts));
}

export function withoutPersons(text: string): string {
  return comparable(text.replace(new RegExp(`[${PERSONS_LETTERS}]`, "g"), ""));
}
