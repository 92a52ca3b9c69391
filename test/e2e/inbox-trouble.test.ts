import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { bodyOf } from "./bodies.ts";
import type { BroadcastJson, RetryJson, SendJson, StatusJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const isRoot = process.getuid?.() === 0;
const QUICK_RETRY = { delivery: { attempts: 2, backoff: { initial: "50ms", factor: 1, max: "50ms" } } };

describe("trouble on the way to an inbox", () => {
  const cleanUps: (() => void | Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  function workspaceWith(agents: readonly string[], parent?: string): Workspace {
    const workspace = createWorkspace({ agents, config: QUICK_RETRY, ...(parent && { parent }) });
    cleanUps.push(() => workspace.remove());
    return workspace;
  }

  /** Root may write where modes forbid it, so root makes the folder immutable. */
  function setWritable(folder: string, isWritable: boolean): void {
    execFileSync(isRoot ? "chattr" : "chmod", [
      isRoot ? (isWritable ? "-i" : "+i") : isWritable ? "0700" : "0500",
      folder,
    ]);
  }

  it("fails what goes to a read-only inbox, delivers the rest, and delivers it once the inbox can be written", async () => {
    const workspace = workspaceWith(["Agent-1", "Agent-2", "Agent-3"]);
    const inbox = workspace.path("agent_workspaces/Agent-2/inbox");
    setWritable(inbox, false);
    cleanUps.push(() => setWritable(inbox, true));

    const args = ["broadcast", "can you read this?"];
    const { counts, messages } = await workspace.json<BroadcastJson>(args);
    expect(counts).toMatchObject({ delivered: 2, failed: 1 });
    const failed = messages.find(({ status }) => status === "failed");
    expect(failed).toMatchObject({ recipient: "Agent-2", attempts: 2, error: { code: "inbox_unwritable" } });
    expect(failed?.error?.message).toContain("Agent-2");
    expect(workspace.inboxFiles("Agent-2")).toEqual([]);
    const again = await workspace.swarm(["retry-failed"]);
    expect(again.code).toBe(1);

    setWritable(inbox, true);
    const { counts: mended } = await workspace.json<RetryJson>(["retry-failed"]);
    expect(mended).toMatchObject({ delivered: 1, failed: 0 });
    expect(workspace.inboxFiles("Agent-2").map((file) => bodyOf(file).toString())).toEqual([
      "can you read this?",
    ]);
    expect(await workspace.swarm(["retry-failed"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("says so when a folder lies in the place of the inbox file, and touches nothing of it", async () => {
    const workspace = workspaceWith(["Agent-1", "Agent-2"]);
    const inbox = workspace.path("agent_workspaces/Agent-1/inbox");
    const aside = workspace.path("aside");
    renameSync(inbox, aside);
    writeFileSync(inbox, "not a folder");
    const first = await workspace.json<SendJson>(["send", "Agent-1", "hello"]);
    expect(first).toMatchObject({ status: "failed", error: { code: "inbox_unwritable" } });

    rmSync(inbox);
    const stamp = first.id.slice("msg_".length, -"_xxxxxxxx".length);
    const place = join(inbox, `MESSAGE_${stamp}_${first.id}.md`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "kept.txt"), "mine");
    const second = await workspace.json<RetryJson>(["retry-failed"]);
    expect(second.messages).toMatchObject([
      { id: first.id, status: "failed", error: { code: "inbox_unwritable" } },
    ]);
    expect(workspace.inboxFiles("Agent-1").map((file) => basename(file))).toEqual([basename(place)]);
    expect((await workspace.swarm(["send", "Agent-2", "still alive?"])).code).toBe(0);

    renameSync(join(place, "kept.txt"), join(aside, "kept.txt"));
    rmSync(place, { recursive: true });
    expect((await workspace.json<RetryJson>(["retry-failed"])).counts).toMatchObject({ delivered: 1 });
    expect(bodyOf(place).toString()).toBe("hello");
  });

  it.runIf(isRoot && process.platform === "linux")(
    "accepts nothing that a full disk can't hold, and loses nothing that it accepted",
    async () => {
      const disk = mkdtempSync(join(tmpdir(), "disk-"));
      cleanUps.push(() => rmSync(disk, { recursive: true }));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk]);
      cleanUps.push(() => void execFileSync("umount", [disk]));
      const workspace = workspaceWith(["Agent-1", "Agent-2"], disk);

      const accepted: string[] = [];
      let full = 0;
      for (let i = 0; i < 40 && full < 3; i++) {
        const body = `${i} ${"x".repeat(200_000)}`;
        const ended = await workspace.swarm(["send", `Agent-${(i % 2) + 1}`, "-", "--no-wait", "--json"], {
          input: body,
        });
        if (ended.code === 0) {
          accepted.push((JSON.parse(ended.stdout) as SendJson).id);
          continue;
        }
        full += 1;
        expect(ended.code).toBe(75);
        expect(ended.stdout + ended.stderr).toMatch(/no space|disk/i);
        expect(ended.stdout).not.toMatch(/msg_\d{8}/);
      }
      expect(full).toBe(3);
      expect(accepted.length).toBeGreaterThan(2);

      execFileSync("mount", ["-o", "remount,size=64m", disk]);
      await workspace.swarm(["retry-failed", "--timeout", "60s"]);
      await workspace.swarm(["worker", "--drain"]);
      for (const id of accepted)
        expect(await workspace.json<SendJson>(["status", id])).toMatchObject({ status: "delivered" });
      const { counts } = await workspace.json<StatusJson>(["status"]);
      expect(counts).toMatchObject({ delivered: accepted.length, queued: 0, failed: 0, delivering: 0 });
      const files = [...workspace.inboxFiles("Agent-1"), ...workspace.inboxFiles("Agent-2")];
      expect(files).toHaveLength(accepted.length);
      expect(files.every((file) => bodyOf(file).length > 200_000)).toBe(true);
    },
  );
});
