import { readdirSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import { workspaceFor } from "./fixture.ts";

interface SentJson {
  readonly id: string;
  readonly status: string;
}
interface Details extends SentJson {
  readonly not_before: string | null;
  readonly expires_at: string | null;
  readonly accepted_at: string;
  readonly finished_at: string;
  readonly delivery_ms: number;
}

const HOUR_MS = 3_600_000;

describe("a message that is to come later", () => {
  it("is queued with its time, and not waited for", async () => {
    const workspace = workspaceFor();
    const sent = await workspace.swarm(["send", "Agent-1", "x", "--in", "2h", "--expires", "30m"]);
    const [, id = ""] =
      /^(msg_\w+) queued for Agent-1, at \d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\n$/.exec(sent.stdout) ?? [];
    expect(sent.code).toBe(0);
    const details = await workspace.json<Details>(["status", id]);
    expect(details.status).toBe("queued");
    const leadMs = Date.parse(details.not_before ?? "") - Date.parse(details.accepted_at);
    expect(leadMs).toBeGreaterThan(2 * HOUR_MS - 5_000);
    expect(leadMs).toBeLessThanOrEqual(2 * HOUR_MS);
    // It does not expire before it may come.
    expect(Date.parse(details.expires_at ?? "") - Date.parse(details.not_before ?? "")).toBe(HOUR_MS / 2);
    expect((await workspace.swarm(["send", "Agent-1", "now"])).code).toBe(0);
    const status = await workspace.json<{ agents: Record<string, object>; oldest_waiting_at: null }>([
      "status",
    ]);
    expect(status.agents["Agent-1"]).toMatchObject({ state: "ready", queued: 1, scheduled: 1 });
    expect(status.oldest_waiting_at).toBeNull();
    expect((await workspace.swarm(["status"])).stdout).toMatch(
      new RegExp(`^${id} .*  for \\d\\d:\\d\\d$`, "m"),
    );
    expect((await workspace.swarm(["cancel", id])).code).toBe(0);
  });

  it("is delivered at its time by the worker that was started for it, and its delivery counts from there", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<SentJson>(["send", "Agent-1", "x", "--in", "1500ms"]);
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
    const details = await until("it is delivered", async () => {
      const now = await workspace.json<Details>(["status", id]);
      return now.status === "delivered" && now;
    });
    const lateMs = Date.parse(details.finished_at) - Date.parse(details.not_before ?? "");
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(details.delivery_ms).toBe(lateMs);
  });

  it("is waited for where a time limit is given, which counts from its time", async () => {
    const workspace = workspaceFor();
    const argv = ["send", "Agent-1", "x", "--in", "1500ms", "--timeout", "20s"];
    expect(await workspace.json<SentJson>(argv)).toMatchObject({ status: "delivered" });
  });

  it("comes at the given time of day", async () => {
    const workspace = workspaceFor({ env: { TZ: "Asia/Tokyo" } });
    const { id } = await workspace.json<SentJson>(["send", "Agent-1", "x", "--at", "2126-02-01T09:00"]);
    expect(await workspace.json(["status", id])).toMatchObject({ not_before: "2126-02-01T00:00:00.000Z" });
  });

  it.each([
    [["--at", "tomorrow"], '--at is no time: "tomorrow"', "--in 10m"],
    [["--at", "2020-01-01T00:00"], "--at is over already", "still to come"],
    [["--at", "15:30", "--in", "10m"], "--at and --in exclude each other", "one of them"],
    [["--in", "10"], "--in is no duration", "did you mean 10s?"],
  ])("is refused where its time makes no sense: %j", async (argv, what, hint) => {
    const workspace = workspaceFor();
    const { code, stderr } = await workspace.swarm(["send", "Agent-1", "x", ...argv]);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
    expect(stderr).toContain("nothing was queued");
    expect(stderr).toContain(hint);
  });

  it("may be a line of many, which does not hold up the others", async () => {
    const workspace = workspaceFor();
    const lines = [
      { recipient: "Agent-1", body: "later", in: "1h", ref: 1 },
      { recipient: "Agent-1", body: "now", ref: 2 },
    ].map((line) => JSON.stringify(line));
    const { code, stdout } = await workspace.swarm(["send", "--stdin-ndjson"], { input: lines.join("\n") });
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { ref: 1, status: "queued" },
      { ref: 2, status: "delivered" },
    ]);
    expect(code).toBe(0);
  });
});

it("a staggered broadcast is accepted at once, and comes to one agent after the other", async () => {
  const workspace = workspaceFor({ agents: ["Agent-1", "Agent-2", "Agent-3"] });
  const { messages } = await workspace.json<{ messages: Details[] }>([
    "broadcast",
    "x",
    "--stagger",
    "400ms",
  ]);
  expect(messages.length).toBeGreaterThan(1);
  expect(messages.every(({ status }) => status === "delivered")).toBe(true);
  const all = await Promise.all(messages.map(({ id }) => workspace.json<Details>(["status", id])));
  const starts = all.map((one) => (one.not_before === null ? 0 : Date.parse(one.not_before)));
  expect(starts[0]).toBe(0);
  expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBe(400);
  for (const [at, { finished_at }] of all.entries())
    expect(Date.parse(finished_at)).toBeGreaterThanOrEqual(starts[at] ?? 0);
  // The worker takes the file of a broadcast away once all of it is settled.
  await vi.waitFor(() => expect(readdirSync(workspace.path("runtime", "queue", "new"))).toEqual([]));
});
