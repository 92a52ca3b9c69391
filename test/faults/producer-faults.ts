/** A producer that meets a fault says truly whether its message was stored. */

import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import { filesIn } from "../spool/everywhere.ts";
import { SpoolWorld } from "../spool/spool-world.ts";
import {
  AGENTS,
  drainCleanly,
  expectDeliveredOnce,
  makeRoot,
  removeRoot,
  storeOf,
  waitingIn,
  writeStartNote,
} from "./spool-facts.ts";
import type { Run } from "./strace.ts";
import { sweep } from "./sweep.ts";

export const ERRORS = ["error=EIO", "error=ENOSPC", "error=EINTR", "retval=0"];

/** What is sent; each run with a text of its own, so that what is left tells which run left it. */
export const PRODUCERS: readonly {
  readonly what: string;
  readonly argsFor: (text: string) => readonly string[];
}[] = [
  { what: "send", argsFor: (text) => ["send", AGENTS[0], text] },
  { what: "broadcast", argsFor: (text) => ["broadcast", text] },
  { what: "send with a key", argsFor: (text) => ["send", AGENTS[1], text, "--key", text.slice(0, 8)] },
];

/** Runs of one producer in one workspace, in which a worker seems to run; at the end a clean one delivers. */
export async function sweepProducer(
  argsFor: (text: string) => readonly string[],
  answers: readonly string[],
): Promise<number> {
  const root = makeRoot();
  const closePipe = holdPipe(root);
  const accepted: Message[] = [];
  let runs = 0;
  try {
    const prepare = () => {
      runs += 1;
      writeStartNote(root);
      const text = `text ${runs}: 👩‍👩‍👧 汉字\n${"x".repeat(1000)}\nend`;
      const args = [...argsFor(text), "--no-wait"];
      return { root, args, check: (run: Run) => void accepted.push(...toldTruly(root, text, run)) };
    };
    const met = await sweep({ prepare, answers, parallel: 2 });
    expect(filesIn(new SpoolWorld(root), "tmp")).toEqual([]);
    await drainCleanly(root);
    expectDeliveredOnce(root, accepted);
    return met;
  } finally {
    closePipe();
    removeRoot(root);
  }
}

/** The messages that the run has stored. Throws where it told something else. */
function toldTruly(
  root: string,
  text: string,
  { code, stdout, stderr, hit, isHitOurs }: Run,
): readonly Message[] {
  const stored = waitingIn(root).filter(({ body }) => body === text);
  const printed = stdout.match(/msg_\d{8}_\d{6}_[0-9a-f]{8}/g) ?? [];
  if (hit === null) expect(code).toBe(0);
  if (hit !== null && !isHitOurs) return stored;
  expect(stderr).not.toMatch(/\n\s+at |bug in swarm/);
  if (hit?.startsWith("write(1<") && printed.length === 0) {
    expect([code, stderr]).toEqual([0, expect.stringContaining("standard output can't be written")]);
    expect(stored.length).toBeGreaterThan(0);
    return stored;
  }
  if (code === 0) {
    expect(stored.map(({ id }) => id).toSorted()).toEqual(printed.toSorted());
    expect(printed.length).toBeGreaterThan(0);
    return stored;
  }
  // 2: swarm.json or the folders of the agents could not be read.
  expect([2, 75]).toContain(code);
  expect(stderr).toMatch(/nothing was (accepted|queued)/);
  expect(stderr).toMatch(/^ {2}hint: \S/m);
  expect([printed, stored]).toEqual([[], []]);
  return [];
}

/** Holds the pipe by which a running worker is known: producers start none. */
function holdPipe(root: string): () => void {
  storeOf(root).scan(new Set());
  const path = join(root, "runtime/queue/worker.pipe");
  execFileSync("mkfifo", ["-m", "600", path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return () => closeSync(fd);
}
