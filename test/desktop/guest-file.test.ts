import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  desktopsKept,
  forgetGuest,
  keepGuest,
  knownRequestors,
  leftBehind,
} from "../../src/desktop/guest-file.ts";
import { processStart } from "../../src/desktop/process-alive.ts";
import { until } from "../desktop-fixture/until.ts";

const GUEST = {
  clipboardText: "what the person copied",
  pointer: { x: 3, y: 4 },
  activeWindow: "77",
  workspace: 1,
};

describe("what was found on a desktop, on disk", () => {
  let line: string;
  const path = () => join(line, "guest.json");
  /** As another process wrote it. */
  const keptBy = (pid: number, start: string) => {
    keepGuest(line, ":7", GUEST, { own: ["hash"] });
    const kept: unknown = JSON.parse(readFileSync(path(), "utf8"));
    writeFileSync(path(), JSON.stringify({ ...Object(kept), pid, start }));
  };

  beforeEach(() => {
    line = mkdtempSync(join(tmpdir(), "guest-"));
  });
  afterEach(() => rmSync(line, { recursive: true, force: true }));

  it("is nothing where nothing was kept, and where the keeper asks itself", () => {
    expect(leftBehind(line)).toBeNull();
    keepGuest(line, ":7", GUEST);
    expect(leftBehind(line)).toBeNull();
  });

  it("comes back word for word from a process that is gone", () => {
    keptBy(99_999_999, "0");
    const left = leftBehind(line);
    expect(left?.isOwnerGone).toBe(true);
    expect(left?.kept.state).toEqual(GUEST);
    expect(left?.kept.display).toBe(":7");
    expect(left?.kept.own).toEqual(["hash"]);
    expect(Date.now() - (left?.kept.at ?? 0)).toBeLessThan(60_000);
  });

  it("comes back from a version that noted less", () => {
    keptBy(99_999_999, "0");
    const { others: _, isSettled: __, ...before } = Object(JSON.parse(readFileSync(path(), "utf8")));
    writeFileSync(path(), JSON.stringify(before));
    expect(leftBehind(line)?.kept).toMatchObject({ others: [], isSettled: false });
  });

  it("is still its owner's while that one lives, and not when only its number lives", () => {
    keptBy(process.ppid, processStart(process.ppid) ?? "0");
    expect(leftBehind(line)?.isOwnerGone).toBe(false);
    keptBy(process.ppid, "1");
    expect(leftBehind(line)?.isOwnerGone).toBe(true);
  });

  it("is found among the desktops of a user", () => {
    const folder = line;
    line = join(folder, "desktop_7");
    mkdirSync(line);
    mkdirSync(join(folder, "desktop_8"));
    expect(desktopsKept(folder)).toEqual([]);
    keptBy(99_999_999, "0");
    expect(desktopsKept(folder)).toEqual([":7"]);
    line = folder;
  });

  it("is readable for its user alone", () => {
    keepGuest(line, ":7", GUEST);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it("is gone when it was put back", () => {
    keptBy(99_999_999, "0");
    forgetGuest(line);
    expect(leftBehind(line)).toBeNull();
    forgetGuest(line);
  });

  it("is removed when it can't be read", () => {
    writeFileSync(path(), '{"pid": 1, "sta');
    expect(leftBehind(line)).toBeNull();
    keepGuest(line, ":7", GUEST);
  });

  it("is whole however its keeper is killed", async () => {
    const args = ["--import", "./test/setup/typescript.js", "test/desktop/guest-keeper.ts", line];
    for (let round = 0; round < 6; round++) {
      const keeper = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      await once(keeper.stdout, "data");
      await until("something was kept", () => existsSync(path()), 10_000, 1);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      const exit = once(keeper, "exit");
      keeper.kill("SIGKILL");
      await exit;
      expect(leftBehind(line)?.kept.state.clipboardText).toMatch(/^(copied )+$/);
    }
  });

  it("remembers the last 64 windows that asked for the clipboard, also for the next process", () => {
    const first = knownRequestors(line);
    for (let id = 1; id <= 70; id++) first.add(id);
    first.add(70);
    const next = knownRequestors(line).all();
    expect([next.size, next.has(6), next.has(7), next.has(70)]).toEqual([64, false, true, true]);
  });

  it("knows no windows where their file is damaged", () => {
    writeFileSync(join(line, "requestors.json"), "[1, 2");
    expect(knownRequestors(line).all().size).toBe(0);
  });
});
