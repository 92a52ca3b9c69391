/** Screens on which nothing may be typed. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Screen } from "../../ports/terminals.ts";
import { look, type Work } from "./work.ts";

const DIALOG_RETRY_MS = 1_000;
const EXCERPT_ROWS = 4;
const EXCERPT_COLUMNS = 40;
const LINE_CHARACTERS = 60;

/** Does not count: it is delivered once somebody has answered. */
export function dialogInFront({ agent, pane }: Work, line: string): Outcome {
  return {
    kind: "handed_back",
    retryInMs: DIALOG_RETRY_MS,
    error: {
      code: "dialog_in_front",
      message: `${agent.name} asks something in the pane ${pane.where}: "${line.slice(0, LINE_CHARACTERS)}"`,
      hint: "answer it there; the message is delivered by itself after that",
    },
  };
}

/** A dialog took keys of ours: what they were to do is seen to when it is answered. Null: none is in front. */
export async function asked(work: Work): Promise<Outcome | null> {
  const now = await look(work);
  return now.ok && now.reading.kind === "dialog" ? dialogInFront(work, now.reading.line) : null;
}

export function typing({ agent, pane }: Work): Outcome {
  return {
    kind: "handed_back",
    error: {
      code: "human_active",
      message: `somebody is typing to ${agent.name} in the pane ${pane.where}`,
      hint: "the message is delivered by itself in the next pause",
    },
  };
}

export function screenUnknown(work: Work, screen: Screen): Outcome {
  const { agent, pane, profile } = work;
  return {
    kind: "deferred",
    error: {
      code: "screen_unknown",
      message: `no composer was found on the screen of ${agent.name} (pane ${pane.where}, profile "${profile.name}"); around the cursor it looks like this: ${frameOf(screen)}`,
      hint: `nothing was typed; see swarm doctor, or describe the composer in a profile of your own`,
    },
  };
}

/** The shape of the rows around the cursor: signs stay, letters and digits become dots, so that no conversation shows. */
function frameOf({ rows, cursor }: Screen): string {
  const from = Math.max(0, cursor.y - EXCERPT_ROWS + 1);
  return rows
    .slice(from, cursor.y + 2)
    .map(({ text }) =>
      text
        .trimEnd()
        .slice(0, EXCERPT_COLUMNS)
        .replace(/[\p{L}\p{N}]/gu, "·"),
    )
    .filter((line) => line.trim() !== "")
    .map((line) => `⟦${line}⟧`)
    .join(" ");
}
