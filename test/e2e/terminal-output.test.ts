/** What people see, in a real terminal: widths, no colour, no UTF-8, a screen that lives, and a terminal left as it was. */
import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { enqueueEnded, queueOf, SOME_ERROR } from "../cli/fixture.ts";
import { until } from "../desktop-fixture/until.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import type { SendJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const COMMAND = `${process.execPath} ${resolve("bin/swarm.js")}`;
const AGENTS = Array.from({ length: 50 }, (_, i) => `Agent-${i + 1}`);

let server: TmuxServer;
let workspace: Workspace;

beforeAll(() => {
  server = startTmux();
});
afterAll(() => server?.stop());
afterEach(() => workspace?.remove());

/** A shell in the workspace; `-e` of tmux sets the environment of what runs in it. */
function terminal(name: string, columns: number, env: Readonly<Record<string, string>> = {}) {
  const size = ["-x", String(columns), "-y", "30"];
  const variables = Object.entries({ SWT_WORKSPACE: workspace.root, ...env }).flatMap(([key, value]) => [
    "-e",
    `${key}=${value}`,
  ]);
  const words = ["new-session", "-d", "-s", name, "-c", workspace.root, ...size, ...variables];
  server.start([...words, "bash", "--norc", "--noprofile"]);
  const at = ["-t", `=${name}:`];
  return {
    run: (text: string) => void server.run("send-keys", ...at, text, "Enter"),
    keys: (...keys: readonly string[]) => void server.run("send-keys", ...at, ...keys),
    screen: (...flags: readonly string[]) => server.run("capture-pane", "-p", ...flags, ...at),
    resize: (to: number) => void server.run("resize-window", ...at, "-x", String(to)),
    fact: (format: string) => server.run("display-message", "-p", ...at, format).trim(),
  };
}

const longest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("in a real terminal", () => {
  it.each([60, 80, 200])("status fits %i columns", async (columns) => {
    workspace = createWorkspace({ agents: AGENTS });
    const at = terminal(`w${columns}`, columns);
    at.run(`clear; ${COMMAND} status`);
    await until(
      "it is shown, and the prompt is back",
      () => at.screen().includes("50 ready: Agent-1, Agent-2") && at.screen().trimEnd().endsWith("$"),
    );
    const text = at.screen("-J");
    expect(longest(text)).toBeLessThanOrEqual(columns);
    // None was broken by the terminal: the joined lines are those of the screen.
    expect(text.trimEnd()).toBe(at.screen().trimEnd());
  });

  it("status --watch lives, keeps its head when the terminal is resized, and Ctrl+C leaves all as it was", async () => {
    workspace = createWorkspace({ agents: AGENTS });
    const at = terminal("watch", 80);
    at.run("clear; echo before");
    await until(
      "the shell has said it",
      () => at.screen().includes("\nbefore") || at.screen().startsWith("before"),
    );
    const before = at.screen();
    at.run(`${COMMAND} status --watch`);
    await until("it is shown", () => at.screen().includes("0 delivered"));
    expect([at.fact("#{alternate_on}"), at.fact("#{cursor_flag}")]).toEqual(["1", "0"]);
    await workspace.json<SendJson>(["send", "Agent-3", "x"]);
    await until("the message is counted", () => at.screen().includes("1 delivered"));
    for (const columns of [60, 120]) {
      at.resize(columns);
      const head = workspace.root.slice(0, columns);
      await until(
        `it is drawn for ${columns} columns`,
        () => at.screen().startsWith(head) && longest(at.screen()) > 60 - 20,
      );
      expect(longest(at.screen("-J"))).toBeLessThanOrEqual(columns);
      expect(at.screen().split("\n")[0]).toBe(head);
    }
    at.resize(80);
    at.keys("C-c");
    await until("the shell is back", () => at.fact("#{alternate_on}") === "0");
    await until(
      "the prompt is back",
      () => at.screen().trimEnd().split("\n").length > before.trimEnd().split("\n").length,
    );
    expect(at.fact("#{cursor_flag}")).toBe("1");
    expect(at.screen().startsWith(before.trimEnd())).toBe(true);
    expect(at.screen()).not.toContain("ready: Agent-1");
  });

  it("has colour in a terminal, and none with --no-color, NO_COLOR, or TERM=dumb", async () => {
    workspace = createWorkspace({ agents: ["Agent-1"] });
    const at = terminal("colour", 80);
    const escapes = async (line: string) => {
      at.run(`clear; ${line}`);
      await until("it is shown", () => at.screen().includes("1 ready"));
      return at.screen("-e").includes("\u001b[32m");
    };
    expect(await escapes(`${COMMAND} status`)).toBe(true);
    expect(await escapes(`${COMMAND} status --no-color`)).toBe(false);
    expect(await escapes(`NO_COLOR=1 ${COMMAND} status`)).toBe(false);
    expect(await escapes(`TERM=dumb ${COMMAND} status`)).toBe(false);
  });

  it("is read in a locale without UTF-8", async () => {
    workspace = createWorkspace({ agents: ["Agent-1"] });
    const at = terminal("ascii", 80, { LC_ALL: "C", LANG: "C" });
    at.run(`clear; ${COMMAND} send Agent-1 hello; ${COMMAND} status`);
    await until("it is shown", () => at.screen().includes("1 ready: Agent-1"));
    expect(at.screen()).toMatch(/delivered to Agent-1 in [\d.]+ m?s/);
  });

  it("purge shows what it would give up and asks; anything but yes leaves it", async () => {
    workspace = createWorkspace({ agents: ["Agent-1"] });
    const id = enqueueEnded(queueOf(workspace), { type: "failed", at: 1, error: SOME_ERROR });
    const at = terminal("purge", 80);
    const statusOf = async () => (await workspace.json<SendJson>(["status", id])).status;
    for (const [answer, said, status] of [
      ["", "nothing was given up", "failed"],
      ["y", "1 dead letter given up", "cancelled"],
    ] as const) {
      at.run(`clear; ${COMMAND} purge`);
      await until("it asks", () => at.screen().includes("give up 1 dead letter? [y/N]"));
      expect(at.screen()).toMatch(new RegExp(`^${id} +Agent-1 +failed +.* ago +${SOME_ERROR.code}$`, "m"));
      expect(await statusOf()).toBe("failed");
      at.run(answer);
      await until("it has answered", () => at.screen().includes(said));
      expect(await statusOf()).toBe(status);
    }
  });
});
