// What a program in TypeScript may rely on; compiled by the test as somebody else's.
import {
  type Broadcast,
  isRefused,
  type Note,
  openSwarm,
  type Priority,
  type SendOptions,
} from "swarm-delivery";

const priority: Priority = "high";
const options: SendOptions = { priority, timeoutMs: 5_000, signal: new AbortController().signal };
const swarm = openSwarm({
  root: ".",
  env: { SWARM_AGENT: "Captain" },
  onNote: (note: Note) => note.text.trim(),
});

export async function all(): Promise<readonly string[]> {
  const sent = await swarm.send("Agent-2", "hello", options);
  if (isRefused(sent)) return [sent.error.code, sent.error.hint];
  const broadcast = await swarm.broadcast("hello", { to: ["builders"], except: ["Agent-2"] });
  const delivered = isRefused(broadcast) ? 0 : countOf(broadcast);
  const status = await swarm.status();
  const states = isRefused(status) ? [] : Object.values(status.agents).map(({ state }) => state);
  const story = await swarm.message(sent.id);
  const events = isRefused(story) ? [] : story.events.map(({ type, at }) => `${at} ${type}`);
  const inbox = await swarm.inbox("Agent-2", { unread: true });
  const lines = isRefused(inbox) ? [] : inbox.messages.map(({ first_line }) => first_line);
  await swarm.retryFailed({ olderThan: "10m" });
  await swarm.cancel(sent.id);
  await swarm.close();
  return [
    sent.status,
    sent.evidence.join(),
    sent.error?.code ?? "",
    `${delivered}`,
    ...states,
    ...events,
    ...lines,
  ];
}

function countOf({ counts }: Broadcast): number {
  return counts.delivered;
}

// @ts-expect-error There is no such priority.
void swarm.send("Agent-2", "hello", { priority: "very" });
// @ts-expect-error Whether it was refused must be asked before.
void swarm.send("Agent-2", "hello").then(({ id }) => id);
