import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { bodyOf, HARD_BODY_LIST } from "./bodies.ts";
import {
  comparable,
  desktopWorkspace,
  idIn,
  submittedTexts,
  THREE_PIECES,
  trackerSays,
  typedText,
} from "./desktop-agents.ts";
import type { BroadcastJson, MessageJson, SendJson, StatusJson } from "./json.ts";
import type { Workspace } from "./workspace.ts";

const PLAIN = ["Plain-1", "Plain-2", "Plain-3"];
const RICH = ["Rich-1", "Rich-2", "Rich-3"];
const NAMES = [...PLAIN, ...RICH];
const SENDERS = 20;
const PRIORITIES = ["normal", "high", "urgent"] as const;
const WAIT = ["--timeout", "200s"];

let stage: Stage;
let workspace: Workspace;

beforeAll(async () => {
  stage = await startStage({
    windows: [
      ...PLAIN.map((name) => ({ name })),
      ...RICH.map((name) => ({ name, composer: "lexical" as const })),
      { name: "Person" },
    ],
  });
  workspace = desktopWorkspace(stage, NAMES);
});
afterAll(async () => {
  await workspace?.remove();
  await stage?.stop();
});

interface Accepted {
  readonly message: MessageJson & { readonly sender: string };
  readonly body: string;
  /** By the tests' own clock: when the command was started, and when it had printed the id. In milliseconds. */
  readonly startedAt: number;
  readonly printedAt: number;
}

/** One message to each agent, then four to one: ten in all. Those that do not wait tell in which order they were accepted. */
async function sendTen(sender: number): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  const call = async (part: number, args: readonly string[]) => {
    const body = `${HARD_BODY_LIST[(sender + part) % HARD_BODY_LIST.length]}`;
    const priority = PRIORITIES[(sender + part) % PRIORITIES.length] ?? "normal";
    const startedAt = performance.now();
    const all = [...args, "-", "--priority", priority, "--from", `sender-${sender}`];
    const printed = await workspace.json<BroadcastJson & SendJson>(all, { input: body });
    const printedAt = performance.now();
    for (const message of printed.messages ?? [printed])
      accepted.push({ message: message as Accepted["message"], body, startedAt, printedAt });
  };
  const to = NAMES[sender % NAMES.length] ?? "";
  await call(0, ["broadcast", "--no-wait"]);
  for (const part of [1, 2, 3]) await call(part, ["send", to, "--no-wait"]);
  await call(4, ["send", to, ...WAIT]);
  expect(accepted.at(-1)?.message).toMatchObject({
    status: "delivered",
    evidence: THREE_PIECES,
    error: null,
  });
  return accepted;
}

it("delivers 200 messages of 20 processes at once, each exactly once, in its own window and in order", async () => {
  const accepted = (
    await Promise.all(Array.from({ length: SENDERS }, (_, sender) => sendTen(sender)))
  ).flat();
  const ids = accepted.map(({ message }) => message.id);
  expect(new Set(ids).size).toBe(200);
  const tracker = await trackerSays(workspace, (now) => ids.every((id) => now[id]?.status === "delivered"));

  for (const id of ids) expect([id, tracker[id]?.evidence]).toEqual([id, THREE_PIECES]);
  expect(Object.keys(tracker)).toHaveLength(200);
  expect((await workspace.json<StatusJson>(["status"])).counts).toMatchObject({ delivered: 200, queued: 0 });

  const submitted = submittedTexts(stage, [...NAMES, "Person"]);
  expect(submitted["Person"]).toEqual([]);
  for (const name of NAMES) {
    const own = accepted.filter(({ message }) => message.recipient === name);
    const wanted = own.map(({ message, body }) => comparable(typedText(message, body)));
    expect(submitted[name]?.toSorted()).toEqual(wanted.toSorted());
    const files = workspace.inboxFiles(name);
    expect(files).toHaveLength(own.length);
    for (const { message, body } of own) {
      const file = files.find((path) => path.includes(message.id)) ?? "";
      expect(bodyOf(file).toString()).toBe(body);
    }
    const order = (submitted[name] ?? []).map(idIn);
    const pairs = inOrder(own, (id) => tracker[id]?.retry_count === 0);
    expect(pairs.length).toBeGreaterThan(20);
    for (const [first, then] of pairs) {
      expect(order.indexOf(first.message.id)).toBeLessThan(order.indexOf(then.message.id));
    }
  }
  const attempts = Object.values(tracker).map(({ retry_count }) => retry_count);
  console.info(`second attempts: ${attempts.filter((count) => count > 0).length} of 200`);
  expect(readFileSync(workspace.path("runtime/worker.log"), "utf8")).not.toContain("internal_error");
}, 240_000);

/**
 * Pairs of which the one must come first: it had been accepted before the other's command was started, and is of the same
 * priority, or of a higher one and was not put off.
 */
function inOrder(
  own: readonly Accepted[],
  isFirstAttempt: (id: string) => boolean,
): readonly (readonly [Accepted, Accepted])[] {
  return own.flatMap((first) =>
    own
      .filter((then) => then.startedAt > first.printedAt)
      .filter((then) => {
        const ahead = rank(first) - rank(then);
        return ahead === 0 || (ahead > 0 && isFirstAttempt(first.message.id));
      })
      .map((then) => [first, then] as const),
  );
}

function rank({ message }: Accepted): number {
  return PRIORITIES.indexOf(message.priority as (typeof PRIORITIES)[number]);
}
