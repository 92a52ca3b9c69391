import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inboxFilePath, writeInboxFile } from "../../src/delivery/inbox-file.ts";
import { freshRoot } from "./fresh-folder.ts";
import { aMessage } from "./messages.ts";

const NAME = "MESSAGE_20260102_030405_msg_20260102_030405_0123abcd.md";
const FILE = `agent_workspaces/Agent-1/inbox/${NAME}`;

test("the inbox file is Markdown: fixed fields, a rule, a blank line, and the body to the last byte", () => {
  const root = freshRoot();
  const body = "first\n\n---\n\nemoji 👩‍👩‍👧, 汉字, عربى\ttab\n\n";
  const message = aMessage({ body });
  expect(writeInboxFile(root, message)).toEqual({ ok: true, file: FILE });
  expect(readFileSync(join(root, FILE), "utf8")).toBe(
    `# Message Delivery Confirmation\n\n**Message ID**: msg_20260102_030405_0123abcd\n**From**: Captain\n` +
      `**Recipient**: Agent-1\n**Priority**: normal\n**Timestamp**: 2026-01-02T03:04:05.678Z\n` +
      `**SHA-256**: ${message.sha256}\n\n---\n\n${body}`,
  );
});

test("folder and file are made for this user alone", () => {
  const root = freshRoot();
  writeInboxFile(root, aMessage());
  expect(statSync(join(root, FILE)).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, "agent_workspaces/Agent-1/inbox")).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, "agent_workspaces/Agent-1")).mode & 0o777).toBe(0o700);
});

test("a sender's line breaks do not become fields of the header", () => {
  const root = freshRoot();
  writeInboxFile(root, aMessage({ sender: "A\n**Priority**: urgent" }));
  expect(readFileSync(join(root, FILE), "utf8")).toContain("\n**From**: A **Priority**: urgent\n");
});

test("writing again what is there changes nothing, and leaves no other file", () => {
  const root = freshRoot();
  writeInboxFile(root, aMessage());
  const before = statSync(join(root, FILE));
  expect(writeInboxFile(root, aMessage()).ok).toBe(true);
  expect(statSync(join(root, FILE))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  expect(readdirSync(join(root, "agent_workspaces/Agent-1/inbox"))).toEqual([NAME]);
});

test("what a crash left under the temporary or the final name is replaced", () => {
  const root = freshRoot();
  const inbox = join(root, "agent_workspaces/Agent-1/inbox");
  mkdirSync(inbox, { recursive: true });
  writeFileSync(join(inbox, `.${NAME}.tmp`), "torn");
  writeFileSync(join(inbox, NAME), "torn");
  expect(writeInboxFile(root, aMessage()).ok).toBe(true);
  expect(readFileSync(join(inbox, NAME), "utf8")).toMatch(/Hello\nworld$/);
  expect(readdirSync(inbox)).toEqual([NAME]);
});

test("a body that is not the accepted one is noticed when the file is read back", () => {
  const root = freshRoot();
  const write = writeInboxFile(root, { ...aMessage(), body: "another" });
  expect(write).toMatchObject({ ok: false, error: { code: "inbox_mismatch" } });
});

test("a folder in the file's place is an error that names the file, and is left alone", () => {
  const root = freshRoot();
  mkdirSync(join(root, FILE), { recursive: true });
  const write = writeInboxFile(root, aMessage());
  expect(write).toMatchObject({ ok: false, error: { code: "inbox_unwritable" } });
  if (!write.ok) expect(write.error.message).toContain(FILE);
  expect(statSync(join(root, FILE)).isDirectory()).toBe(true);
});

test("a pipe in the file's place does not make the worker wait", () => {
  const root = freshRoot();
  mkdirSync(join(root, "agent_workspaces/Agent-1/inbox"), { recursive: true });
  execFileSync("mkfifo", [join(root, FILE)]);
  expect(writeInboxFile(root, aMessage())).toMatchObject({ ok: false, error: { code: "inbox_unwritable" } });
});

test("a file in the folder's place is an error", () => {
  const root = freshRoot(["Agent-1"]);
  writeFileSync(join(root, "agent_workspaces/Agent-1/inbox"), "");
  expect(writeInboxFile(root, aMessage())).toMatchObject({ ok: false, error: { code: "inbox_unwritable" } });
});

test.each(["agent_workspaces/Agent-1", "agent_workspaces/Agent-1/inbox"])(
  "nothing is written through %s when it is a link out of the workspace",
  (link) => {
    const root = freshRoot();
    const outside = freshRoot();
    mkdirSync(join(root, link, ".."), { recursive: true });
    symlinkSync(outside, join(root, link));
    const write = writeInboxFile(root, aMessage());
    expect(write).toMatchObject({ ok: false, error: { code: "inbox_unwritable" } });
    expect(readdirSync(outside)).toEqual(["agent_workspaces"]);
  },
);

test("a link in the file's place is replaced, and what it points to is not touched", () => {
  const root = freshRoot(["Agent-1"]);
  const outside = join(freshRoot(), "precious");
  writeFileSync(outside, "precious");
  mkdirSync(join(root, "agent_workspaces/Agent-1/inbox"));
  symlinkSync(outside, join(root, FILE));
  writeInboxFile(root, aMessage());
  expect(readFileSync(outside, "utf8")).toBe("precious");
});

test("a disk that takes only a part of the file is an error, and leaves no part behind", () => {
  const root = freshRoot(["Agent-1"]);
  const script = `
    import { writeInboxFile } from "./src/delivery/inbox-file.ts";
    import { aMessage } from "./test/delivery/messages.ts";
    console.log(JSON.stringify(writeInboxFile(process.argv[1], aMessage({ body: "x".repeat(9000) }))));`;
  const node = [process.execPath, "--import", "./test/setup/typescript.js", "--input-type=module", "-e"];
  const shell = ["-c", 'ulimit -f 1; exec "$@"', "sh", ...node, script, root];
  const result = JSON.parse(execFileSync("bash", shell, { encoding: "utf8" }));
  expect(result).toMatchObject({ ok: false, error: { code: "inbox_unwritable" } });
  expect(readdirSync(join(root, "agent_workspaces/Agent-1/inbox"))).toEqual([]);
});

test("the path of an inbox file is known before it is written", () => {
  expect(inboxFilePath(aMessage())).toBe(FILE);
});
