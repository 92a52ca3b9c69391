import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { titleMatches } from "../../src/domain/agent.ts";
import {
  cleanBody,
  inboxFileName,
  MESSAGE_ID,
  type Message,
  messageId,
  typedText,
} from "../../src/domain/message.ts";

const AT = Date.UTC(2026, 0, 31, 12, 5, 9);
const ESC = String.fromCharCode(27);
const rules = { header: "[#{id} from {sender}] ", inlineLimit: 20 } as const;
const message: Message = {
  id: "msg_20260131_120509_0a1b2c3d",
  broadcastId: null,
  recipient: "Agent-2",
  sender: "Captain",
  priority: "normal",
  body: "hello",
  sha256: "",
  key: null,
  raw: false,
  display: null,
  acceptedAt: AT,
  expiresAt: null,
  notBefore: null,
  join: false,
};

describe("a message", () => {
  it("has an id that tells its time in UTC", () => {
    expect(messageId(AT, "0a1b2c3d")).toBe(message.id);
    expect(message.id).toMatch(MESSAGE_ID);
    expect(inboxFileName(message)).toBe("MESSAGE_20260131_120509_msg_20260131_120509_0a1b2c3d.md");
  });

  it.each([
    [`a${ESC}[201~b`, "ab", 1],
    [`${ESC}[31mred${ESC}[0m`, "red", 2],
    [`${ESC}]0;title\u0007x`, "x", 1],
    [`a\u009b2Jb`, "ab", 1],
    ["a\u0000b\u007f", "ab", 2],
    ["tab\tand\nnewline", "tab\tand\nnewline", 0],
    ["one\r\ntwo\rthree", "one\ntwo\nthree", 0],
    ["👩‍👩‍👧 中文 العربية", "👩‍👩‍👧 中文 العربية", 0],
  ])("loses control sequences from %j and nothing else", (given, body, removed) => {
    expect(cleanBody(given)).toEqual({ body, removed });
  });

  it("is clean after one cleaning, whatever was in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { body } = cleanBody(text);
        expect(cleanBody(body)).toEqual({ body, removed: 0 });
        expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it("is cleaned in a moment, however many control strings begin in it and never end", () => {
    const startedAt = performance.now();
    for (const start of ["\u009d", "\u001b]", "\u0090", "\u009b", "\u001b["])
      cleanBody(start.repeat(200_000));
    // Milliseconds; read to the end for each beginning it would be half a minute.
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  it("is typed behind its header, without it when raw, and named when it is long", () => {
    expect(typedText(message, "f.md", rules)).toBe(`[#${message.id} from Captain] hello`);
    expect(typedText({ ...message, raw: true }, "f.md", rules)).toBe("hello");
    expect(typedText(message, "f.md", { ...rules, header: false })).toBe("hello");
    const long = typedText({ ...message, body: "x".repeat(21) }, "inbox/f.md", rules);
    expect(long).toContain("inbox/f.md");
    expect(long.split("\n")).toHaveLength(1);
  });

  it("puts no placeholder of a sender's name to use", () => {
    const text = typedText({ ...message, sender: "{id}$&" }, "f.md", rules);
    expect(text).toBe(`[#${message.id} from {id}$&] hello`);
  });
});

describe("a window title", () => {
  it("matches exactly, or as a regular expression between slashes", () => {
    expect(titleMatches("Agent-2 - Cursor", "Agent-2 - Cursor")).toBe(true);
    expect(titleMatches("Agent-2 - Cursor", "Agent-2 - Cursor ")).toBe(false);
    expect(titleMatches("/^agent-2\\b/i", "Agent-2 - Cursor")).toBe(true);
    expect(titleMatches("/(/", "(")).toBe(false);
  });
});
