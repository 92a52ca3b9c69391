import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aimInto, good, PASTE_KEYS, plain, takeHands } from "./held-hands.ts";
import { type NutStage, startNutStage } from "./simulated-world.ts";

describe("a driver that is killed in the middle of an attempt on macOS or Windows", () => {
  let stage: NutStage;
  const guestFile = () => join(stage.folder, "swarm", "desktop-console", "guest.json");

  /** An attempt that gets as far as a pasted text, and then its process is gone. */
  const crash = async () => {
    const { simulated } = stage;
    const alpha = simulated.open({ title: "Alpha" });
    const editor = simulated.open({ title: "Editor" });
    simulated.clipboard = "what the person copied";
    simulated.pointer = { x: 700, y: 77 };
    const hands = await takeHands(stage);
    await hands.remember();
    await aimInto(hands, alpha);
    good(await hands.pasteAndLook(plain("a secret message"), PASTE_KEYS, 4_000));
    await hands.release();
    const dead = spawnSync("true").pid;
    const kept: unknown = JSON.parse(readFileSync(guestFile(), "utf8"));
    writeFileSync(guestFile(), JSON.stringify({ ...Object(kept), pid: dead, start: "1" }));
    return { alpha, editor };
  };
  const next = async () => {
    const hands = await takeHands({ desktop: stage.openAgain() });
    await hands.release();
  };

  beforeEach(() => {
    stage = startNutStage("darwin");
  });
  afterEach(() => stage.stop());

  it("has clipboard, pointer and active window put back by the next one", async () => {
    const { editor } = await crash();
    expect(stage.simulated.active?.title).toBe("Alpha");
    await next();
    expect(stage.simulated.clipboard).toBe("what the person copied");
    expect(stage.simulated.pointer).toEqual({ x: 700, y: 77 });
    expect(stage.simulated.active).toBe(editor);
    expect(existsSync(guestFile())).toBe(false);
  });

  it("has the clipboard put back that was just being filled by its keys", async () => {
    await crash();
    stage.simulated.clipboard = "copied by our keys, and never seen by us";
    await next();
    expect(stage.simulated.clipboard).toBe("what the person copied");
  });

  it("has nothing put back over what the person did since", async () => {
    const { alpha } = await crash();
    const { simulated } = stage;
    await simulated.clock.sleep(20_000);
    Object.assign(simulated, { clipboard: "copied since", pointer: { x: 5, y: 6 } });
    simulated.lastInputAt = simulated.clock.monotonic();
    writeFileSync(guestFile(), readFileSync(guestFile(), "utf8").replace(/"at":\d+/, '"at":1'));
    await next();
    expect(simulated.clipboard).toBe("copied since");
    expect(simulated.pointer).toEqual({ x: 5, y: 6 });
    expect(simulated.active).toBe(alpha);
  });

  it("has its message removed from the clipboard even when the person was there since", async () => {
    await crash();
    const { simulated } = stage;
    simulated.clipboard = "a secret message";
    await simulated.clock.sleep(20_000);
    simulated.lastInputAt = simulated.clock.monotonic();
    writeFileSync(guestFile(), readFileSync(guestFile(), "utf8").replace(/"at":\d+/, '"at":1'));
    await next();
    expect(simulated.clipboard).toBe("what the person copied");
  });

  it("wrote no text but the person's own to the disk", async () => {
    await crash();
    expect(readFileSync(guestFile(), "utf8")).not.toContain("secret");
    expect(readFileSync(guestFile(), "utf8")).toContain("what the person copied");
  });
});
