import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { bodyOf } from "./bodies.ts";
import type { SendJson, StatusJson, Tracker } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

describe("damaged files", () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = createWorkspace({ agents: ["Agent-1", "Agent-2"] });
  });
  afterEach(() => workspace.remove());

  const send = (text: string) => workspace.json<SendJson>(["send", "Agent-1", text]);
  const tracker = () => workspace.path("runtime/message_delivery_tracking.json");
  /** Empty while it is damaged. */
  const readTracker = (): Tracker => {
    try {
      return JSON.parse(readFileSync(tracker(), "utf8")) as Tracker;
    } catch {
      return {};
    }
  };
  const bodies = () => workspace.inboxFiles("Agent-1").map((file) => bodyOf(file).toString());

  it.each([
    ["cut off", '{"agents": {"Agent-1": {"transp'],
    ["of another kind", "[]"],
    ["with an unknown key", '{"agents": {"Agent-1": {"transport": "inbox", "colour": "red"}}}'],
    ["not UTF-8", "\ufffd\u0000"],
  ])("refuses to send with a swarm.json that is %s, and sends once it is mended", async (_, content) => {
    writeFileSync(workspace.path("swarm.json"), content);
    const ended = await workspace.swarm(["send", "Agent-1", "hello"]);
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    expect(ended.stderr).toContain("swarm.json");
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
    rmSync(workspace.path("swarm.json"));
    expect(await send("hello")).toMatchObject({ status: "delivered" });
  });

  it.each([
    ["empty", ""],
    ["cut off", '{"msg_20260101_000000_00000000":{"recip'],
    ["of another kind", "[1, 2]"],
  ])("rebuilds a tracker that is %s", async (_, content) => {
    const first = await send("one");
    writeFileSync(tracker(), content);
    expect((await workspace.json<StatusJson>(["status"])).counts).toMatchObject({ delivered: 1 });
    const second = await send("two");
    await until("the tracker holds both", () => {
      const entries = readTracker();
      return [first, second].every(({ id }) => entries[id]?.status === "delivered");
    });
  });

  it("goes on with learned delays that can't be read", async () => {
    await send("one");
    for (const content of ["", "null", '{"a":', '{"steps":{"x":[null,"y"]}}']) {
      writeFileSync(workspace.path("runtime/timing.json"), content);
      expect(await send("again")).toMatchObject({ status: "delivered" });
    }
  });

  it.each([
    ["empty", ""],
    ["no message", "hello\n"],
    ["a message cut off", '{"schema":1,"id":"msg_20260101_000000_00000001","recip'],
    ["bytes", "\u0000\u0001\u0002\n"],
  ])("parks a queued file that is %s beside its reason, shows it, and goes on", async (_, content) => {
    await send("one");
    const name = "2-1767225600000000-msg_20260101_000000_00000001-Agent-1.msg";
    writeFileSync(workspace.path("runtime/queue/new", name), content);
    expect(await send("two")).toMatchObject({ status: "delivered" });
    const bad = workspace.path("runtime/queue/bad");
    const parked = await until("it is parked", () => {
      const names = existsSync(bad) ? readdirSync(bad) : [];
      return names.length === 2 && names.toSorted();
    });
    expect(parked.filter((file) => file.endsWith(".reason.txt"))).toHaveLength(1);
    expect((await workspace.swarm(["status"])).stdout).toContain("00000001");
    expect(bodies().toSorted()).toEqual(["one", "two"]);
  });

  it("takes in what other programs drop, and parks what it can't accept", async () => {
    await send("one");
    const tmp = workspace.path("runtime/queue/tmp");
    const drop = workspace.path("runtime/queue/drop");
    mkdirSync(tmp, { recursive: true });
    mkdirSync(drop, { recursive: true });
    const files = {
      "good.json": '{"recipient":"Agent-1","body":"dropped 👍\\n","priority":"high","sender":"cron"}',
      "nobody.json": '{"recipient":"Agent-9","body":"x"}',
      "outside.json": '{"recipient":"../Agent-1","body":"x"}',
      "torn.json": '{"recipient":"Agent-1","bo',
      "empty.json": "",
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(`${tmp}/${name}`, content);
      renameSync(`${tmp}/${name}`, `${drop}/${name}`);
    }
    await workspace.swarm(["worker", "--drain"]);
    await until("the good one is delivered", () => bodies().includes("dropped 👍\n"));
    await until("the drop folder is empty", () => readdirSync(drop).length === 0);
    const parked = readdirSync(workspace.path("runtime/queue/bad"));
    expect(parked.filter((file) => file.endsWith(".reason.txt"))).toHaveLength(4);
    expect(parked).toHaveLength(8);
    const shown = (await workspace.swarm(["status"])).stdout;
    for (const name of ["nobody", "outside", "torn", "empty"]) expect(shown).toContain(name);
  });
});
