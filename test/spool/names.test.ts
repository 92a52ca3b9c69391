import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MESSAGE_ID, PRIORITIES } from "../../src/domain/message.ts";
import { IdSource } from "../../src/spool/id-source.ts";
import { formatName, idIn, orderIn, parseName, remarked, unmarked } from "../../src/spool/message-name.ts";
import { acceptedMessages } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { SpoolWorld, START } from "./spool-world.ts";

const at = fc.integer({ min: 0, max: 9_999_999_999_999 });
const hex = fc.stringMatching(/^[0-9a-f]{8}$/);
const names = fc.record({
  priority: fc.constantFrom(...PRIORITIES),
  micros: fc.stringMatching(/^\d{16}$/),
  id: hex.map((digits) => `msg_20260102_030405_${digits}`),
  recipient: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  notBefore: fc.option(at),
  expiresAt: fc.option(at),
  retried: fc.option(fc.record({ round: fc.integer({ min: 1, max: 999_999_999 }), at })),
  ended: fc.option(
    fc.oneof(
      fc.record({ type: fc.constant("cancelled" as const), at }),
      fc.constant({ type: "expired" as const }),
    ),
  ),
});

describe("the name of a message's file", () => {
  test("tells what was put into it, whatever the agent is called", () => {
    fc.assert(
      fc.property(names, (name) => {
        const file = formatName(name);
        expect(parseName(file)).toEqual(name);
        expect(idIn(file)).toBe(name.id);
        expect(file.startsWith(name.notBefore === null ? orderIn(file, name) : "")).toBe(true);
        expect(orderIn(file, name).endsWith(name.id)).toBe(true);
        expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
      }),
    );
  });

  test("takes other marks without losing the rest", () => {
    fc.assert(
      fc.property(names, (name) => {
        const file = formatName(name);
        expect(parseName(unmarked(file))).toEqual({ ...name, retried: null, ended: null });
        const retried = { round: 3, at: 4 };
        expect(parseName(remarked(file, { retried }))).toEqual({ ...name, retried });
      }),
    );
  });

  test.each([
    "",
    "x.msg",
    "3-0000000000000000-msg_20260102_030405_00000000-A.msg",
    "2-0-msg_20260102_030405_00000000-A.msg",
    "2-0000000000000000-msg_20260102_030405_00000000-../x.msg",
    "2-0000000000000000-msg_20260102_030405_00000000-A.msg.tmp",
    "2-0000000000000000-msg_20260102_030405_00000000-A~q1.msg",
  ])("is told from another: %s", (file) => {
    expect(parseName(file)).toBeNull();
  });
});

describe("ids", () => {
  test("are unique also when chance gives every process the same number", () => {
    const world = new SpoolWorld();
    const unlucky = { hex: (bytes: number) => "7".repeat(bytes * 2) };
    const ids = [1, 2, 3, 4].flatMap(() =>
      acceptedMessages(world.open({ random: unlucky }).accept([aNewMessage(), aNewMessage()], true)).map(
        ({ message }) => message.id,
      ),
    );
    expect(new Set(ids).size).toBe(8);
    for (const id of ids) expect(id).toMatch(MESSAGE_ID);
  });

  test("are unique when one process takes more than one range of a second", () => {
    const world = new SpoolWorld();
    world.folders.prepare();
    const source = new IdSource(world.folders, { now: () => START }, { hex: () => "ffffffff" });
    const seen = new Set(Array.from({ length: 70_000 }, () => source.next().id));
    expect(seen.size).toBe(70_000);
  });

  test("carry the second of acceptance, and grow in order also when the clock is set back", () => {
    const world = new SpoolWorld();
    world.folders.prepare();
    const times = [START, START + 5000, START - 60_000, START + 5001];
    const source = new IdSource(world.folders, { now: () => times.shift() ?? 0 }, { hex: () => "00000000" });
    const given = [1, 2, 3, 4].map(() => source.next());
    expect(given.map(({ id }) => id.slice(0, 19))).toEqual([
      "msg_20260102_030405",
      "msg_20260102_030410",
      "msg_20260102_030410",
      "msg_20260102_030410",
    ]);
    expect(given.map(({ micros }) => micros)).toEqual(
      given.map(({ micros }) => micros).sort((a, b) => a - b),
    );
    expect(new Set(given.map(({ micros }) => micros)).size).toBe(4);
  });

  test("of messages accepted within a second cost one file, not one each", () => {
    const world = new SpoolWorld();
    const store = world.open();
    for (let count = 0; count < 20; count += 1) store.accept([aNewMessage()], false);
    expect(readdirSync(world.folders.of("ids"))).toHaveLength(1);
  });
});
