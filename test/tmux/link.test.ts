import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controlLink } from "../../src/tmux/control-link.ts";
import type { Link } from "../../src/tmux/link.ts";
import { processLink } from "../../src/tmux/process-link.ts";
import { until } from "../desktop-fixture/until.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";

const LINKS = {
  "in control mode": (server: TmuxServer) => controlLink(["-S", server.socket], "s", () => undefined),
  "with a process for each request": (server: TmuxServer) => processLink(["-S", server.socket]),
};
const NASTY = [
  "a;",
  ";",
  "it's",
  '"quoted"',
  "$HOME #{pid} #S",
  "\\n",
  "tab\there",
  "Enter",
  "-X",
  "~",
  "é 你好",
];

let server: TmuxServer;
let link: Link | undefined;
beforeEach(() => {
  server = startTmux();
  server.start(["new-session", "-d", "-s", "s", "-x", "80", "-y", "24", "cat"]);
});
afterEach(() => {
  link?.close();
  server.stop();
});

describe.each(Object.entries(LINKS))("a link to a tmux server %s", (_, open) => {
  it("answers with the lines that the commands printed, in order", async () => {
    link = open(server);
    const answer = await link.run([
      ["display-message", "-p", "one"],
      ["display-message", "-p", ""],
      ["display-message", "-p", "three"],
    ]);
    expect(answer).toEqual({ ok: true, lines: ["one", "", "three"] });
  });

  it("takes every argument as it is", async () => {
    link = open(server);
    for (const text of NASTY) {
      const set = await link.run([["set-option", "-t", "s", "@kept", text]]);
      expect(set).toEqual({ ok: true, lines: [] });
      expect(server.run("show-options", "-v", "-t", "s", "@kept"), text).toBe(`${text}\n`);
    }
  });

  it("takes a long text with every character as a buffer", async () => {
    link = open(server);
    const text = `${"line; with 'quotes' and \\ $HOME 你好\n".repeat(3_000)}end\x1b[31m;`;
    const answer = await link.run([["display-message", "-p", "set"]], { name: "big", text });
    expect(answer).toEqual({ ok: true, lines: ["set"] });
    expect(server.run("show-buffer", "-b", "big")).toBe(text);
  });

  it("carries nothing out after the command that fails, and says why", async () => {
    link = open(server);
    const answer = await link.run([
      ["display-message", "-p", "one"],
      ["select-pane", "-t", "%999"],
      ["set-buffer", "-b", "late", "x"],
    ]);
    expect(answer).toMatchObject({ ok: false, reason: expect.stringContaining("%999") });
    expect(server.run("list-buffers")).toBe("");
    expect(await link.run([["display-message", "-p", "next"]])).toEqual({ ok: true, lines: ["next"] });
  });

  it("is not misled by a screen that looks like an answer", async () => {
    link = open(server);
    const lines = ["%end 1 1 1", "%begin 1 2 0", "%error 1 2 0", "swarm-mark", "%exit"];
    server.run("send-keys", "-t", "=s:", "-l", `${lines.join("\n")}\n`);
    await until("the pane shows it", () => server.run("capture-pane", "-p", "-t", "=s:").includes("%exit"));
    const answer = await link.run([["capture-pane", "-p", "-t", "=s:"]]);
    expect(answer.ok && answer.lines).toEqual(expect.arrayContaining(lines));
    expect(await link.run([["display-message", "-p", "next"]])).toEqual({ ok: true, lines: ["next"] });
  });

  it("says that the server has gone, and does not wait for it", async () => {
    link = open(server);
    await link.run([["display-message", "-p", "there"]]);
    server.run("kill-server");
    const asked = performance.now();
    expect(await link.run([["display-message", "-p", "gone"]])).toMatchObject({ ok: false });
    expect(performance.now() - asked).toBeLessThan(2_000);
  });
});

describe("a client in control mode", () => {
  it("goes when it is closed", async () => {
    link = controlLink(["-S", server.socket], "s", () => undefined);
    await link.run([["display-message", "-p", "there"]]);
    expect(server.run("list-clients")).not.toBe("");
    link.close();
    await until("it has gone", () => server.run("list-clients") === "");
  });

  it("goes when its caller is killed in the middle of answers, and the server can end", async () => {
    const program = join(server.folder, "killed-caller.cjs");
    const source = resolve(import.meta.dirname, "programs/killed-caller.ts");
    buildSync({ entryPoints: [source], outfile: program, bundle: true, platform: "node", format: "cjs" });
    const { signal } = spawnSync(process.execPath, [program, server.socket, "s"], { stdio: "ignore" });
    expect(signal).toBe("SIGKILL");
    await until("its client has gone", () => server.run("list-clients") === "");
    const pid = Number(server.run("display-message", "-p", "#{pid}"));
    server.run("kill-server");
    await until("the server has ended", () => !isRunning(pid));
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
