import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TERMINAL_PROFILES } from "../../src/domain/terminal-profile.ts";
import { until } from "../desktop-fixture/until.ts";
import { type Attempts, cutOffAfter, type Made, tmuxAttempts } from "../e2e/attempts.ts";
import { HARD_BODIES } from "../e2e/bodies.ts";
import { type AgentPane, startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";

/** The paste is sent by then, and an agent that is late has not taken it. */
const SOON_AFTER_MS = 300;
/** It is sent by then also where a machine is busy, and one that is lost is still waited for. */
const WELL_AFTER_MS = 2_000;

describe("the tmux transport", () => {
  let server: TmuxServer;
  let attempts: Attempts;
  let count = 0;

  beforeAll(() => {
    server = startTmux();
  });
  afterAll(() => server?.stop());
  afterEach(() => attempts?.close());

  async function agent(...faults: readonly string[]): Promise<AgentPane> {
    await attempts?.close();
    attempts = tmuxAttempts(server.socket);
    return server.agent(`a${++count}`, { faults });
  }

  it("submits a message exactly once", async () => {
    const pane = await agent();
    const made = await attempts.deliver(pane.target, "hello, please rebase");
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
    expect(made.events.map(({ type }) => type)).toEqual(["intent", "typed", "submitted"]);
  });

  it.each(Object.entries(HARD_BODIES))("submits %s exactly once", async (_what, body) => {
    const pane = await agent();
    const made = await attempts.deliver(pane.target, body, { profile: "claude" });
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
  });

  it.each(["swallow-enter", "late", "stall", "repaint", "torn", "busy", "alternate-screen", "parked-cursor"])(
    "submits exactly once with the fault %s",
    async (fault) => {
      const pane = await agent(fault);
      const made = await attempts.deliver(pane.target, "hello");
      expect(made.outcome).toEqual({ kind: "confirmed" });
      expect(pane.submitted()).toEqual([made.text]);
    },
  );

  it("takes no frame that is half drawn for a proof: a composer that looks empty in it still holds the text", async () => {
    const pane = await agent("torn", "swallow-enter");
    const made = await attempts.deliver(pane.target, "hello");
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
    const submits = made.events.filter((event) => event.type === "submitted");
    expect(submits).toMatchObject([{ enters: 2 }]);
  });

  it("says of a message to a busy agent that its own queue has it", async () => {
    const pane = await agent("busy");
    const first = await attempts.deliver(pane.target, "one");
    const second = await attempts.deliver(pane.target, "two");
    const isQueued = ({ events }: Made) =>
      events.map((event) => event.type === "submitted" && event.isQueued);
    expect(isQueued(first)).not.toContain(true);
    expect(isQueued(second)).toContain(true);
    expect(pane.submitted()).toEqual([first.text, second.text]);
  });

  it("types nothing before the screen that follows a submit: it comes with another composer", async () => {
    const pane = await agent("next-screen");
    const first = await attempts.deliver(pane.target, "one");
    const second = await attempts.deliver(pane.target, "two");
    expect([first.outcome, second.outcome]).toEqual([{ kind: "confirmed" }, { kind: "confirmed" }]);
    expect(pane.submitted()).toEqual([first.text, second.text]);
  });

  it("types a draft back into the composer of the screen that follows a submit", async () => {
    const pane = await agent("next-screen");
    pane.keys("-l", "half a thought");
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
    expect(made.outcome).toEqual({ kind: "confirmed" });
    await until("the message shows", () => pane.screen().includes("  ok"));
    expect(pane.screen()).toContain("> half a thought");
  });

  it("types nothing into a dialog, and delivers once it was answered", async () => {
    const pane = await agent("dialog-first");
    const made = await attempts.deliver(pane.target, "hello");
    expect(made.outcome).toMatchObject({ kind: "handed_back", error: { code: "dialog_in_front" } });
    expect(pane.log().map((entry) => entry.dialog ?? "started")).toEqual(["started"]);
    pane.signalDialog();
    const again = await attempts.deliver(pane.target, "hello again");
    expect(again.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([again.text]);
  });

  it("presses no Enter where a dialog opened after the paste, and submits once it was answered", async () => {
    const asked = async () => {
      const pane = await agent("dialog-after-paste");
      return { pane, made: await attempts.deliver(pane.target, "hello") };
    };
    // It opens within 150 ms: where the machine is slow, now and then after an Enter that was right.
    let { pane, made } = await asked();
    for (let tries = 1; tries < 5 && pane.log()[1]?.dialog !== "opened"; tries++)
      ({ pane, made } = await asked());
    expect(made.outcome).toMatchObject({ kind: "handed_back", error: { code: "dialog_in_front" } });
    expect(pane.log().filter(({ dialog }) => dialog === "key")).toEqual([]);
    expect(pane.submitted()).toEqual([]);
    pane.signalDialog();
    const resumed = await attempts.resume(pane.target, made.text, cutOffAfter("typed"));
    expect(resumed.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
  });

  it("presses nothing where the agent ended after the paste: a shell is in front then", async () => {
    attempts = tmuxAttempts(server.socket);
    const pane = await server.agent("exits", { faults: ["exit-after-paste"], inShell: true });
    const made = await attempts.deliver(pane.target, "$(touch executed)\ntouch executed");
    const isTyped = made.events.some(({ type }) => type === "typed");
    expect(made.outcome).toMatchObject({ kind: isTyped ? "unknown" : "deferred" });
    const again = await attempts.deliver(pane.target, "touch executed");
    expect(again.outcome).toMatchObject({ kind: "deferred", error: { code: "shell_in_pane" } });
    expect(again.events).toEqual([]);
    expect(existsSync(join(server.folder, "executed"))).toBe(false);
    expect(pane.submitted()).toEqual([]);
  });

  it("presses nothing where another program has the pane after the paste", async () => {
    const pane = await agent();
    const made = await attempts.deliver(pane.target, "touch executed", {
      profile: "claude",
      onEvent: ({ type }) => {
        if (type === "typed") server.run("respawn-pane", "-k", "-t", pane.target, "sh");
      },
    });
    expect(made.outcome).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
    expect(pane.submitted()).toEqual([]);
    await until("the shell is there", () => pane.screen().trim() !== "");
    expect(pane.screen().trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(server.folder, "executed"))).toBe(false);
  });

  it("does not take the composer of an agent that was started anew for a proof", async () => {
    attempts = tmuxAttempts(server.socket);
    const pane = await server.agent("anew", { faults: ["deaf"], inShell: true });
    const made = await attempts.deliver(pane.target, "hello", {
      profile: "claude",
      onEvent({ type }) {
        if (type !== "typed") return;
        // After Enter, which the agent never takes.
        setTimeout(() => {
          process.kill(pane.pid(), "SIGKILL");
          pane.startAgain();
        }, SOON_AFTER_MS);
      },
    });
    expect(made.outcome).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
    expect(pane.submitted()).toEqual([]);
  });

  it("submits an urgent message with the profile's key for that", async () => {
    const pane = await agent();
    await attempts.close();
    const [own = noProfile()] = TERMINAL_PROFILES;
    attempts = tmuxAttempts(server.socket, [{ ...own, name: "own", urgentSubmit: "C-j" }]);
    for (const priority of ["normal", "urgent"] as const)
      expect((await attempts.deliver(pane.target, priority, { profile: "own", priority })).outcome).toEqual({
        kind: "confirmed",
      });
    const keys = pane.log().flatMap(({ submitted, key }) => (submitted === undefined ? [] : [key]));
    expect(keys).toEqual(["\r", "\n"]);
  });

  it("submits nothing where the paste is lost, and says so", async () => {
    const pane = await agent("lose-paste");
    const made = await attempts.deliver(pane.target, "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
    expect(pane.submitted()).toEqual([]);
  });

  it("saves a person's draft, and types it back after the message", async () => {
    const pane = await agent();
    pane.keys("-l", "my half-typed prompt");
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(made.drafts).toEqual(["my half-typed prompt"]);
    expect(pane.submitted()).toEqual([made.text]);
    expect(pane.screen()).toContain("> my half-typed prompt");
  });

  it.each([
    ["of emoji alone", "🎉🎉"],
    ["in two scripts", "請 run the tests"],
  ])("puts back a draft %s, whole", async (_what, draft) => {
    const pane = await agent();
    pane.keys("-l", draft);
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(made.drafts).toEqual([draft]);
    expect(pane.submitted()).toEqual([made.text]);
    expect(pane.screen()).toContain(`> ${draft}`);
  });

  it("puts a draft back also where the agent answers everything late", async () => {
    const pane = await agent("late");
    pane.keys("-l", "my half-typed prompt");
    await until("the draft shows", () => pane.screen().includes("> my half-typed prompt"));
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(made.drafts).toEqual(["my half-typed prompt"]);
    expect(pane.submitted()).toEqual([made.text]);
    await until("the draft is back", () => pane.screen().includes("> my half-typed prompt"));
  });

  it("takes its own text out, and not that of a person who types on behind it", async () => {
    const pane = await agent("late");
    const made = await attempts.deliver(pane.target, "hello", {
      profile: "claude",
      onEvent: ({ type }) => {
        if (type === "intent") setTimeout(() => pane.keys("-l", "wait, I am typing"), SOON_AFTER_MS);
      },
    });
    expect(made.outcome).toMatchObject({ kind: "handed_back", error: { code: "human_active" } });
    expect(made.drafts).toEqual(["wait, I am typing"]);
    expect(pane.submitted()).toEqual([]);
    await until("the person's text stands alone", () => pane.screen().includes("> wait, I am typing"));
  });

  it("takes out a text that an earlier attempt has left, and not what a person typed behind it", async () => {
    const pane = await agent();
    const left = "[#msg_20260101_000000_0000abcd from Captain] an earlier text";
    server.run("set-buffer", "-b", "left", left);
    server.run("paste-buffer", "-p", "-d", "-b", "left", "-t", pane.target);
    pane.keys("-l", "; my own words");
    await until("both show", () => pane.screen().includes("an earlier text; my own words"));
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude", recentTexts: [left] });
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(made.drafts).toEqual(["; my own words"]);
    expect(pane.submitted()).toEqual([made.text]);
    expect(pane.screen()).toContain("> ; my own words");
  });

  it("takes nothing out where nothing of its own is there", async () => {
    const pane = await agent("lose-paste");
    const made = await attempts.deliver(pane.target, "hello", {
      profile: "claude",
      onEvent: ({ type }) => {
        if (type === "intent") setTimeout(() => pane.keys("-l", "I am typing"), WELL_AFTER_MS);
      },
    });
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "readback_mismatch" } });
    expect(made.drafts).toEqual([]);
    expect(pane.screen()).toContain("> I am typing");
    expect(pane.submitted()).toEqual([]);
  });

  it("does not know of a text that stood there after three times Enter, and submits it once", async () => {
    const pane = await agent("deaf");
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
    expect(made.outcome).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
    await until("the agent has taken what was typed", () => pane.submitted().length > 0, 30_000);
    expect(pane.submitted()).toEqual([made.text]);
    await until("nothing is left in the composer", () => pane.screen().includes("> Type your message"));
  });

  it("takes a text out that stands there after three times Enter, and submits it the next time", async () => {
    const pane = await agent("swallow-three-enters");
    const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "not_submitted" } });
    expect(pane.screen()).toContain("> Type your message");
    const again = await attempts.deliver(pane.target, "hello", { profile: "claude", text: made.text });
    expect(again.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
  });

  it("leaves a draft alone where the profile can't take it out", async () => {
    const pane = await agent();
    pane.keys("-l", "my half-typed prompt");
    const made = await attempts.deliver(pane.target, "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "draft_present" } });
    expect(pane.screen()).toContain("> my half-typed prompt");
    expect(pane.submitted()).toEqual([]);
  });

  it("goes on from a text that a crash left typed, and does not type again what is gone", async () => {
    const pane = await agent();
    const text = "[#msg_20260101_000000_0000abcd from Captain] hello";
    server.run("set-buffer", "-b", "x", text);
    server.run("paste-buffer", "-p", "-b", "x", "-t", pane.target);
    const resumed = await attempts.resume(pane.target, text, cutOffAfter("typed"));
    expect(resumed.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([text]);
    const again = await attempts.resume(pane.target, text, cutOffAfter("typed"));
    expect(again.outcome).toMatchObject({ kind: "unknown" });
    expect(pane.submitted()).toEqual([text]);
  });

  it.each([40, 200])("submits exactly once in a pane of %i columns", async (columns) => {
    attempts = tmuxAttempts(server.socket);
    const pane = await server.agent(`wide${columns}`, { columns });
    const made = await attempts.deliver(
      pane.target,
      "a message that is longer than one line of a narrow pane is wide\nand a second line",
      { profile: "claude" },
    );
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
  });

  it("leaves copy mode first", async () => {
    const pane = await agent();
    server.run("copy-mode", "-t", pane.target);
    const made = await attempts.deliver(pane.target, "hello");
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(pane.submitted()).toEqual([made.text]);
  });

  it.each([
    [
      "a dead pane",
      "pane_not_found",
      async (name: string) => {
        server.run("new-session", "-d", "-s", name, "sleep 600");
        server.run("set-option", "-w", "-t", `=${name}:`, "remain-on-exit", "on");
        server.run("respawn-pane", "-k", "-t", `=${name}:`, "true");
        await until("the pane is dead", () =>
          server.run("list-panes", "-t", `=${name}:`, "-F", "#{pane_dead}").startsWith("1"),
        );
        return `${name}:0.0`;
      },
    ],
    ["no such pane", "pane_not_found", () => Promise.resolve("nothing:0.0")],
    [
      "the beginning of a session's name",
      "pane_not_found",
      async (name: string) => {
        server.run("new-session", "-d", "-s", `${name}-long`, "cat");
        return name;
      },
    ],
    [
      "a window with two panes",
      "pane_ambiguous",
      async (name: string) => {
        server.run("new-session", "-d", "-s", name, "cat");
        server.run("split-window", "-t", `=${name}:`, "cat");
        return `${name}:0`;
      },
    ],
    [
      "panes that share their keys",
      "pane_ambiguous",
      async (name: string) => {
        server.run("new-session", "-d", "-s", name, "cat");
        server.run("split-window", "-t", `=${name}:`, "cat");
        server.run("set-option", "-w", "-t", `=${name}:`, "synchronize-panes", "on");
        return `${name}:0.0`;
      },
    ],
    [
      "a shell",
      "shell_in_pane",
      async (name: string) => {
        server.run("new-session", "-d", "-s", name, "bash --norc");
        return name;
      },
    ],
    [
      "a program without a composer",
      "screen_unknown",
      async (name: string) => {
        server.run("new-session", "-d", "-s", name, "cat");
        return name;
      },
    ],
  ] as const)("types nothing into %s: %s", async (_what, code, make) => {
    attempts = tmuxAttempts(server.socket);
    const target = await make(`t${++count}`);
    const made = await attempts.deliver(target, "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code } });
    expect(made.events.map(({ type }) => type)).not.toContain("typed");
    if (code !== "pane_not_found")
      expect(server.run("capture-pane", "-p", "-t", `=${target.split(":")[0]}:`)).not.toContain("hello");
  });

  it("types one line that names the inbox file where several lines would be submitted one by one", async () => {
    const pane = await agent("no-paste-mode");
    const made = await attempts.deliver(pane.target, "first line\nsecond line");
    expect(made.outcome).toEqual({ kind: "confirmed" });
    const [submitted, ...others] = pane.submitted();
    expect(others).toEqual([]);
    expect(submitted).toMatch(
      /^\[#msg_\w+ from Captain\] Message of \d+ characters from Captain: read it in MESSAGE_/,
    );
  });

  it("attaches no client where a hook would notice it", async () => {
    const pane = await agent();
    server.run("set-hook", "-g", "client-attached", "set-buffer -b noticed yes");
    try {
      const made = await attempts.deliver(pane.target, "hello; it's $HOME #{pid}");
      expect(made.outcome).toEqual({ kind: "confirmed" });
      expect(server.run("list-clients")).toBe("");
      expect(server.run("list-buffers", "-F", "#{buffer_name}")).not.toMatch(/noticed|swarm/);
      expect(pane.submitted()).toEqual([made.text]);
    } finally {
      server.run("set-hook", "-gu", "client-attached");
    }
  });

  it("waits for another swarm that types in the same pane", async () => {
    const pane = await agent("busy");
    const other = tmuxAttempts(server.socket);
    const made = await Promise.all([
      attempts.deliver(pane.target, "one"),
      other.deliver(pane.target, "two"),
      attempts.deliver(pane.target, "three"),
    ]);
    await other.close();
    expect(made.map(({ outcome }) => outcome)).toEqual(made.map(() => ({ kind: "confirmed" })));
    expect(pane.submitted().toSorted()).toEqual(made.map(({ text }) => text).toSorted());
  });

  it("hands back while somebody is typing", async () => {
    const pane = await agent();
    pane.keys("-l", "I am ");
    const typing = setInterval(() => pane.keys("-l", "x"), 200);
    try {
      const made = await attempts.deliver(pane.target, "hello", { profile: "claude" });
      expect(made.outcome).toMatchObject({ kind: "handed_back", error: { code: "human_active" } });
      expect(made.drafts).toEqual([]);
    } finally {
      clearInterval(typing);
    }
    expect(pane.screen()).toContain("> I am x");
    expect(pane.submitted()).toEqual([]);
  });
});

function noProfile(): never {
  throw new Error("there are no built-in profiles");
}
