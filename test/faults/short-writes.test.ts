import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { aNewMessage } from "../delivery/messages.ts";
import {
  AGENTS,
  drainCleanly,
  expectDeliveredOnce,
  expectNoEmptyWords,
  makeRoot,
  removeRoot,
  storeOf,
  waitingIn,
  writeStartNote,
} from "./spool-facts.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
const SHORT_WRITE = resolve(import.meta.dirname, "programs/short-write.js");
const BODY = `汉字 ${"x".repeat(600)} end`;

/** A worker that can't write down how a message ended tries until it is stopped. */
const PATIENCE_MS = 4_000;

function freshRoot(): string {
  const root = makeRoot();
  onTestFinished(() => removeRoot(root));
  storeOf(root).scan(new Set());
  return root;
}

function accept(root: string) {
  const result = storeOf(root).accept([aNewMessage({ recipient: AGENTS[0], body: BODY })], false);
  if (result.kind !== "accepted") throw new Error(result.kind);
  return result.messages.map(({ message }) => message);
}

/** Runs the command with its nth write cut short; null when it makes fewer. */
function withShortWrite(root: string, nth: number, args: readonly string[]) {
  const note = join(root, "was-short");
  rmSync(note, { force: true });
  writeStartNote(root);
  const url = `${pathToFileURL(SHORT_WRITE).href}?nth=${nth}&note=${encodeURIComponent(note)}`;
  const ended = spawnSync(process.execPath, ["--import", url, COMMAND, ...args, "--root", root], {
    encoding: "utf8",
  });
  return existsSync(note) ? ended : null;
}

/** Runs the command where no file may grow beyond so many bytes: the write that does so is cut short, the next fails. */
function withLongestFile(root: string, bytes: number, args: readonly string[]) {
  const command = [`--fsize=${bytes}`, process.execPath, COMMAND, ...args, "--root", root];
  writeStartNote(root);
  return spawnSync("prlimit", command, { encoding: "utf8", timeout: PATIENCE_MS });
}

describe("a disk that takes half of what it is given", () => {
  it("gets all of an accepted message, whichever write it is", () => {
    const send = ["send", AGENTS[0], BODY, "--no-wait"];
    let nth = 1;
    for (; ; nth += 1) {
      const root = freshRoot();
      const ended = withShortWrite(root, nth, send);
      if (!ended) break;
      expect([ended.status, ended.stderr]).toEqual([0, ""]);
      expect(waitingIn(root).map(({ body }) => body)).toEqual([BODY]);
    }
    expect(nth).toBeGreaterThan(2);
  });

  it("gets all that a worker writes, and every inbox file whole", () => {
    let nth = 1;
    for (; ; nth += 1) {
      const root = freshRoot();
      const accepted = accept(root);
      const ended = withShortWrite(root, nth, ["worker", "--drain"]);
      if (!ended) break;
      expect([ended.status, ended.stderr]).toEqual([0, expect.not.stringContaining("bug")]);
      expectDeliveredOnce(root, accepted);
    }
    expect(nth).toBeGreaterThan(4);
  }, 60_000);
});

describe.runIf(process.platform === "linux")("where files may not grow beyond some length", () => {
  it("a message is stored whole or not at all", () => {
    const root = freshRoot();
    const codes = new Set<number | null>();
    for (let bytes = 50; bytes <= 1_250; bytes += 150) {
      const before = waitingIn(root).length;
      const { status, stdout, stderr } = withLongestFile(root, bytes, ["send", AGENTS[0], BODY, "--no-wait"]);
      codes.add(status);
      const stored = waitingIn(root).length - before;
      if (status === 0) expect([stored, stdout.match(/msg_/g)?.length]).toEqual([1, 1]);
      else {
        expect([status, stored, stdout]).toEqual([75, 0, ""]);
        expect(stderr).toMatch(/nothing was accepted\n {2}hint: /);
      }
    }
    expect(codes).toEqual(new Set([75, 0]));
  });

  it("a worker delivers whole or not at all, and the next one the rest", async () => {
    for (let bytes = 200; bytes <= 1_200; bytes += 1_000) {
      const root = freshRoot();
      const accepted = accept(root);
      const { status, stderr } = withLongestFile(root, bytes, ["worker", "--drain"]);
      expect(stderr).not.toMatch(/\n\s+at |bug in swarm/);
      // Null where it was too slow to have heard of the signal.
      expect([0, null]).toContain(status);
      expectNoEmptyWords(root, accepted);
      await drainCleanly(root);
      storeOf(root).retryFailed({ isUnconfirmedIncluded: false });
      await drainCleanly(root);
      expectDeliveredOnce(root, accepted);
    }
  }, 120_000);
});
