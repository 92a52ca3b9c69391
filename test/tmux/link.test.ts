import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Link } from "../../src/tmux/link.ts";
import { processLink } from "../../src/tmux/process-link.ts";
import { socketLink } from "../../src/tmux/socket-link.ts";
import { tmuxTerminals } from "../../src/tmux/terminals.ts";
import { introduction } from "../../src/tmux/wire.ts";
import { until } from "../desktop-fixture/until.ts";
import { startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";

const LINKS = {
  "over its socket": (server: TmuxServer) => socketLink(server.socket),
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

const { PATH } = process.env;

let server: TmuxServer;
let link: Link;
beforeEach(() => {
  server = startTmux();
  server.start(["new-session", "-d", "-s", "s", "-x", "80", "-y", "24", "cat"]);
});
afterEach(() => {
  server.stop();
});

describe.each(Object.entries(LINKS))("a link to a tmux server %s", (_, open) => {
  it("answers with the lines that the commands printed, in order", async () => {
    link = open(server);
    const answer = await link.run([
      ["display-message", "-p", "one"],
      ["display-message", "-p", ""],
      ["display-message", "-p", "é 你好"],
    ]);
    expect(answer).toEqual({ ok: true, lines: ["one", "", "é 你好"] });
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

describe("connections to the socket of a tmux server", () => {
  it("attach no client", async () => {
    link = socketLink(server.socket);
    expect(await link.run([["list-clients"]])).toEqual({ ok: true, lines: [] });
  });

  it("do it no harm when many come and go at once", async () => {
    const { socket } = server;
    for (let i = 0; i < 50; i++) {
      const asked = Array.from({ length: 10 }, (_, k) =>
        socketLink(socket).run([["display-message", "-p", `${k}`]]),
      );
      const broken = connect(socket).on("error", () => undefined);
      broken.end(introduction().subarray(0, 20 + i));
      expect(await Promise.all(asked)).toEqual(
        Array.from({ length: 10 }, (_, k) => ({ ok: true, lines: [`${k}`] })),
      );
    }
    expect(server.run("list-sessions")).toContain("s:");
  });

  it("are refused by a server that is not there, which is told with its place", async () => {
    const path = join(server.folder, "nobody");
    expect(await socketLink(path).run([["list-panes"]])).toEqual({
      ok: false,
      reason: `no server is running on ${path}`,
      isForeign: false,
    });
  });
});

it.each([
  ["speaks another protocol", Buffer.from([12, 0, 0, 0, 16, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0])],
  ["sends what is no message", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["sends messages of kinds of its own", Buffer.from([213, 0, 0, 0, 16, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0])],
  ["hangs up", Buffer.alloc(0)],
])("a server that %s is left to tmux's own client", async (_, answer) => {
  const path = join(server.folder, "foreign");
  const foreign = createServer((connection) => {
    connection.on("error", () => undefined).write(answer);
    if (answer.length === 0) connection.end();
  });
  await new Promise<void>((done) => foreign.listen(path, done));
  try {
    expect(await socketLink(path).run([["list-panes"]])).toMatchObject({ ok: false, isForeign: true });
    process.env["PATH"] = [clientThatReaches(server), PATH].join(delimiter);
    const found = await tmuxTerminals().find(path, "s");
    expect(found).toMatchObject({ ok: true });
    expect(found.ok && (await found.pane.look())).toMatchObject({ ok: true });
  } finally {
    process.env["PATH"] = PATH;
    foreign.close();
  }
});

/** A folder with a client called tmux that understands every server: it asks this one, whatever `-S` says. */
function clientThatReaches({ folder, socket }: TmuxServer): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const script = `#!/bin/sh\nshift 3\nPATH='${PATH}' exec tmux -u -S '${socket}' "$@"\n`;
  writeFileSync(join(bin, "tmux"), script);
  chmodSync(join(bin, "tmux"), 0o755);
  return bin;
}
