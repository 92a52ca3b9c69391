import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptedMessages } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { archiveLines, filesIn, placesOf } from "./everywhere.ts";
import { startProgram } from "./programs.ts";
import { SpoolWorld } from "./spool-world.ts";

const AGENTS = new Set(["Agent-1", "Agent-2", "Agent-3"]);

/** A producer that stands at the barrier, and the lines that it has printed so far. */
interface Producer {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<unknown>;
}

async function startProducers(count: number, ...args: readonly string[]): Promise<readonly Producer[]> {
  const producers = Array.from({ length: count }, () => {
    const child = startProgram("producer.ts", ...args);
    const lines: string[] = [];
    if (!child.stdout) throw new Error("no standard output");
    const reader = createInterface({ input: child.stdout });
    reader.on("line", (line) => lines.push(line));
    return { child, lines, ended: Promise.all([once(child, "exit"), once(reader, "close")]) };
  });
  await Promise.all(
    producers.map(({ child }) => (child.stdout ? once(child.stdout, "data") : Promise.resolve())),
  );
  return producers;
}

function go(producers: readonly Producer[]): void {
  for (const { child } of producers) child.stdin?.write("g");
}

/** Ids that were given to senders: whole lines only, as a kill may tear the last one. */
function givenIds(producers: readonly Producer[]): readonly string[] {
  return producers.flatMap(({ lines }) => lines).filter((line) => /^msg_\d{8}_\d{6}_[0-9a-f]{8}$/.test(line));
}

test("20 processes that accept at once get ids of their own, and every message is there", async () => {
  const world = new SpoolWorld();
  const producers = await startProducers(20, world.root, "9");
  go(producers);
  await Promise.all(producers.map(({ ended }) => ended));
  const given = givenIds(producers);
  expect(given).toHaveLength(20 * 15);
  const waiting = world.open().scan(AGENTS);
  expect(new Set(waiting.map(({ id }) => id))).toEqual(new Set(given));
  expect(new Set(given).size).toBe(given.length);
  expect(filesIn(world, "tmp")).toEqual([]);
});

test("20 processes that accept with the same keys queue each message once", async () => {
  const world = new SpoolWorld();
  const producers = await startProducers(20, world.root, "4", "same");
  go(producers);
  await Promise.all(producers.map(({ ended }) => ended));
  const waiting = world.open().scan(AGENTS);
  expect(waiting).toHaveLength(3 + 3);
  expect(new Set(givenIds(producers))).toEqual(new Set(waiting.map(({ id }) => id)));
  expect(producers.flatMap(({ lines }) => lines).filter((line) => line.endsWith(" duplicate"))).toHaveLength(
    19 * 6,
  );
});

test("producers that are killed in the middle leave nothing half, and nothing that they were told is lost", async () => {
  const world = new SpoolWorld();
  const producers = await startProducers(8, world.root);
  go(producers);
  for (const { child, lines } of producers) {
    if (lines.length < 20 && child.stdout) await once(child.stdout, "data");
    child.kill("SIGKILL");
  }
  await Promise.all(producers.map(({ ended }) => ended));
  const store = world.open();
  const waiting = new Set(store.scan(AGENTS).map(({ id }) => id));
  const given = givenIds(producers);
  expect(given.length).toBeGreaterThan(8);
  expect(given.filter((id) => !waiting.has(id))).toEqual([]);
  for (const entry of store.scan(AGENTS)) expect(store.peek(entry)?.message.body).toBe("Hello");
  expect(filesIn(world, "bad")).toEqual([]);
});

test("workers that are killed again and again lose nothing, double nothing, and leave no message unfinished", async () => {
  const world = new SpoolWorld();
  const messages = Array.from({ length: 30 }, (_, index) =>
    aNewMessage({ recipient: `Agent-${(index % 3) + 1}` }),
  );
  const accepted = acceptedMessages(world.open().accept(messages, true));
  for (let round = 0; round < 12; round += 1) {
    const worker = startProgram("worker.ts", world.root, "7");
    // At another place each time: after so many signs of life, at once.
    for (let sign = 0; sign < round % 4; sign += 1)
      await Promise.race([worker.stdout && once(worker.stdout, "data"), once(worker, "exit")]);
    worker.kill("SIGKILL");
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, "exit");
  }
  await once(startProgram("worker.ts", world.root), "exit");
  const submitted = readFileSync(join(world.root, "submitted"), "utf8").trim().split("\n");
  expect(new Set(submitted).size).toBe(submitted.length);
  const store = world.open();
  while (store.archiveFinished(50) > 0);
  const { counts } = readOverview(world.root, 100);
  expect(counts.delivered + counts.unconfirmed).toBe(30);
  for (const { message } of accepted) expect(placesOf(world, message.id)).toHaveLength(1);
  expect(archiveLines(world)).toHaveLength(counts.delivered);
  expect(existsSync(world.folders.of("bad")) ? filesIn(world, "bad") : []).toEqual([]);
});
