/** Holds what swarm says of its messages against what the pages' server received. */
import { comparable, idIn, submittedTexts, THREE_PIECES, typedText } from "../e2e/desktop-agents.ts";
import type { TrackerEntry } from "../e2e/json.ts";
import { AGENTS, PERSON, type Scene } from "./scene.ts";

export interface Sent {
  readonly id: string;
  readonly recipient: string;
  readonly body: string;
}

/** One sentence for each thing that went wrong. */
export function wrongsOf(
  { stage }: Pick<Scene, "stage">,
  sent: readonly Sent[],
  tracker: Readonly<Record<string, TrackerEntry>>,
): readonly string[] {
  const submitted = Object.entries(submittedTexts(stage, [...AGENTS, PERSON])).flatMap(([page, texts]) =>
    texts.map((text) => ({ page, text, id: idIn(text) })),
  );
  const known = new Set(sent.map(({ id }) => id));
  const strangers = submitted.filter(({ id }) => !known.has(id));
  return [
    ...strangers.map(({ page, text }) => `${page} received what was no message: ${shown(text)}`),
    ...sent.flatMap((message) => {
      const places = submitted.filter(({ id }) => id === message.id);
      return wrongsOfOne(message, tracker[message.id], places);
    }),
  ];
}

function wrongsOfOne(
  { id, recipient, body }: Sent,
  entry: TrackerEntry | undefined,
  places: readonly { readonly page: string; readonly text: string }[],
): readonly string[] {
  const wanted = comparable(typedText({ id, sender: "tester" }, body));
  const wrongs = places.flatMap(({ page, text }) => [
    ...(page === recipient ? [] : [`misrouted: ${id} for ${recipient} was submitted in ${page}`]),
    ...(text === wanted ? [] : [`altered: ${id} was submitted as ${shown(text)} for ${shown(wanted)}`]),
  ]);
  if (places.length > 1) wrongs.push(`twice: ${id} was submitted ${places.length} times in ${recipient}`);
  if (entry?.status === "delivered") {
    if (places.length === 0) wrongs.push(`lost: ${id} is said to be delivered to ${recipient}`);
    const hasAll = THREE_PIECES.every((piece) => entry.evidence.includes(piece));
    if (!hasAll) wrongs.push(`without evidence: ${id} has ${entry.evidence.join(", ")}`);
  } else if (entry?.status !== "unconfirmed") {
    wrongs.push(`not delivered: ${id} to ${recipient} is ${entry?.status ?? "unknown"} in the end`);
  }
  return wrongs;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 150)} … ${text.slice(-150)}` : text);
}
