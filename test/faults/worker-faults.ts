/** A worker that meets a fault loses nothing, doubles nothing, and reports nothing that is not so. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { bodyOf } from "../e2e/bodies.ts";
import {
  AGENTS,
  drainCleanly,
  expectDeliveredOnce,
  expectNoEmptyWords,
  inboxFiles,
  makeRoot,
  removeRoot,
  storeOf,
} from "./spool-facts.ts";
import type { Run } from "./strace.ts";
import { type Case, sweep } from "./sweep.ts";

const BODY = "Byte for byte: 👩‍👩‍👧 汉字\ttab\n\nend";
const DROPPED = "from a program without Node";

/** What can't be mended in the same breath: moving a message, syncing a place, writing the inbox file. */
const MUST_BE_TOLD =
  /^(rename|fsync|write)\((?!.*(worker\.log|\/active\/[^/]*>,|<socket|<pipe)).*= -1 E(IO|NOSPC)/;
const TROUBLE =
  /^\S+ (trouble|put_off|drop_not_taken_in|not_settled|not_tidied|not_saved|tracker_not_written) /m;

/** How much waits for the worker: one message and a dropped file, or of everything. */
export type Load = "little" | "much";

/** Gives the number of runs that met a fault. */
export function sweepWorker(load: Load, answers: readonly string[], parallel: number): Promise<number> {
  return sweep({ prepare: () => aCase(load), answers, parallel });
}

function aCase(load: Load): Case {
  const root = makeRoot();
  const accepted = fill(root, load);
  const check = async (run: Run) => {
    expectSoundEnd(root, run);
    expectNoEmptyWords(root, accepted);
    await drainCleanly(root);
    expectDeliveredOnce(root, [...accepted, ...droppedIn(root)]);
    removeRoot(root);
  };
  return { root, args: ["worker", "--drain"], check };
}

function fill(root: string, load: Load): readonly Message[] {
  const store = storeOf(root);
  const one = aNewMessage({ recipient: AGENTS[0], body: BODY });
  const more = [
    [aNewMessage({ recipient: AGENTS[1], body: `${BODY} again`, key: "k", priority: "urgent" })],
    AGENTS.map((recipient) => aNewMessage({ recipient, body: "x".repeat(20_000) })),
  ];
  const accepted = [[one], ...(load === "much" ? more : [])].flatMap((messages) => {
    const result = store.accept(messages, messages.length > 1);
    if (result.kind !== "accepted") throw new Error(result.kind);
    return result.messages.map(({ message }) => message);
  });
  const dropped = JSON.stringify({ recipient: AGENTS[1], body: DROPPED });
  writeFileSync(join(root, "runtime/queue/drop/a.json"), dropped, { mode: 0o600 });
  return accepted;
}

/** The dropped file is a message once a worker has taken it in. */
function droppedIn(root: string): readonly Message[] {
  const ids = inboxFiles(root)
    .filter((path) => bodyOf(path).toString() === DROPPED)
    .map((path) => /msg_\w+(?=\.md$)/.exec(path)?.[0] ?? "");
  expect(ids).toHaveLength(1);
  return ids.flatMap((id) => storeOf(root).find(id)?.message ?? []);
}

/** It delivered and ended, or could not begin and says why. */
function expectSoundEnd(root: string, { code, stderr, hit, isHitOurs }: Run): void {
  if (hit === null) expect(code).toBe(0);
  if (hit !== null && !isHitOurs) return;
  const logFile = join(root, "runtime/worker.log");
  const log = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
  expect(`${stderr}${log}`).not.toMatch(/\n\s+at |\\n\s+at |bug in swarm|internal_error/);
  if (hit !== null && MUST_BE_TOLD.test(hit)) expect(log).toMatch(TROUBLE);
  if (code === 0) return;
  expect([2, 75]).toContain(code);
  expect(stderr).toMatch(/^ {2}hint: \S/m);
}
