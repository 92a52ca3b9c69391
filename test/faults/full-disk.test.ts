import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runningWorker } from "../../src/app/client.ts";
import type { Message } from "../../src/domain/message.ts";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { endWorker, swarm } from "../app/background.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { until } from "../desktop-fixture/until.ts";
import {
  AGENTS,
  expectDeliveredOnce,
  expectNoEmptyWords,
  inboxFiles,
  makeRoot,
  storeOf,
} from "./spool-facts.ts";

const isRoot = process.getuid?.() === 0;
const MESSAGES = 12;

describe.runIf(isRoot && process.platform === "linux")("a worker on a disk that is full", () => {
  const cleanUps: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  /** A disk of its own, taken away after the test. */
  function disk(at: string, size: string): void {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", at]);
    cleanUps.push(() => execFileSync("umount", ["--lazy", at]));
  }

  function acceptAll(root: string): readonly Message[] {
    const store = storeOf(root);
    return Array.from({ length: MESSAGES }, (_, index) => {
      const body = `${index} ${"x".repeat(20_000)}`;
      const result = store.accept([aNewMessage({ recipient: AGENTS[index % 2] ?? "", body })], false);
      const message = result.kind === "accepted" ? result.messages[0]?.message : undefined;
      if (!message) throw new Error(result.kind);
      return message;
    });
  }

  /** Takes all that is left of it. */
  function fill(path: string): void {
    for (let size = 65_536; size >= 1; size = Math.floor(size / 4))
      try {
        for (let count = 0; ; count += 1) writeFileSync(`${path}.${size}.${count}`, "x".repeat(size));
      } catch (cause) {
        expect(cause).toMatchObject({ code: "ENOSPC" });
      }
  }

  it("reports nothing that is not so, keeps what waits, and delivers it once when there is room again", async () => {
    const mount = mkdtempSync(join(tmpdir(), "swf-disk-"));
    cleanUps.push(() => rmSync(mount, { recursive: true }));
    disk(mount, "8m");
    const root = makeRoot(mount);
    // A full disk costs attempts, which are not what this is about.
    writeFileSync(
      join(root, "swarm.json"),
      JSON.stringify({ delivery: { attempts: 100, backoff: { initial: "100ms", max: "500ms" } } }),
    );
    const accepted = acceptAll(root);
    fill(join(mount, "ballast"));
    cleanUps.push(() => endWorker(root, "SIGKILL"));
    const worker = swarm(root, ["worker", "--drain"]);
    const sent = await swarm(root, ["send", AGENTS[0], "x".repeat(5_000), "--no-wait"]);
    expect([sent.code, sent.stdout]).toEqual([75, ""]);
    expect(sent.stderr).toMatch(/nothing was accepted\n {2}hint: .*disk/);
    await until("the worker is at work", () => runningWorker(root));
    expectNoEmptyWords(root, accepted);
    execFileSync("mount", ["-o", "remount,size=64m", mount]);
    expect((await worker).code).toBe(0);
    expectDeliveredOnce(root, accepted);
  }, 60_000);

  it("where only one inbox lies on it, puts off that agent's messages alone, and says why", async () => {
    const mount = mkdtempSync(join(tmpdir(), "swf-disk-"));
    cleanUps.push(() => removeFolder(mount));
    const root = makeRoot(mount);
    writeFileSync(join(root, "swarm.json"), JSON.stringify({ delivery: { attempts: 1 } }));
    const inbox = join(root, "agent_workspaces", AGENTS[0], "inbox");
    disk(inbox, "64k");
    fill(join(inbox, "ballast"));
    const accepted = acceptAll(root);
    const { code } = await swarm(root, ["worker", "--drain"]);
    expect(code).toBe(0);
    expectNoEmptyWords(root, accepted);
    for (const { id, recipient } of accepted)
      expect(storeOf(root).find(id)?.state).toMatchObject(
        recipient === AGENTS[0]
          ? {
              status: "failed",
              error: { code: "inbox_unwritable", hint: expect.stringContaining("disk space") },
            }
          : { status: "delivered" },
      );
    expect(inboxFiles(root)).toHaveLength(MESSAGES / 2);
    execFileSync("mount", ["-o", "remount,size=8m", inbox]);
    expect((await swarm(root, ["retry-failed", "--json"])).code).toBe(0);
    cleanUps.push(() => endWorker(root, "SIGKILL"));
    await endWorker(root, "SIGTERM");
    expectDeliveredOnce(root, accepted);
  }, 60_000);
});
