/** Bytes on the worker's socket, beside somebody who waits for a message there; and bytes that a worker answers. */

import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { openStore } from "../../../src/app/compose.ts";
import { workerSocketPath } from "../../../src/app/worker-address.ts";
import { connectToWorker } from "../../../src/app/worker-connection.ts";
import { LineSplitter, parseReply, parseRequest } from "../../../src/delivery/worker-protocol.ts";
import { WorkerSocket } from "../../../src/delivery/worker-socket.ts";
import { aState } from "../../delivery/messages.ts";
import { until } from "../../desktop-fixture/until.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { mutatedBytes, mutatedJson } from "../mutated.ts";
import { configOf } from "../workspace-parts.ts";

const ID = "msg_20260102_030405_0123abcd";
const request = fc.constantFrom({ op: "hint" }, { op: "who" }, { op: "watch", ids: [ID, "x", "__proto__"] });
const reply = fc.constantFrom(
  { op: "worker", pid: 1 },
  { op: "event", id: ID, state: { ...aState({ status: "delivered" }) } },
);
const lines = (line: typeof request | typeof reply) =>
  mutatedBytes(
    fc
      .array(mutatedJson(line as typeof request), { minLength: 1, maxLength: 3 })
      .map((all) => `${all.join("\n")}\n`),
  );

export const socketBytes: Target = target("socket bytes", 6, async (fence) => {
  openStore(configOf(fence.root)).interrupted(); // makes the folders
  const path = workerSocketPath(fence.root);
  let hints = 0;
  const worker = new WorkerSocket({ path, pid: 7, onHint: () => void hints++, endOf: () => null });
  await worker.listen();
  return feeding({
    inputs: fc.record({ asked: lines(request), answered: lines(reply) }),
    async take({ asked, answered }) {
      for (const line of new LineSplitter().push(asked.toString()) ?? []) parseRequest(line);
      for (const line of new LineSplitter().push(answered.toString()) ?? []) expectWhole(parseReply(line));
      const waiter = await connectToWorker(fence.root);
      if (!waiter) throw new Error("the worker listens no more");
      const told: string[] = [];
      waiter.onReply((said) => void (said.op === "event" && told.push(said.id)));
      const before = hints;
      waiter.send({ op: "watch", ids: [ID] });
      const rude = connect(path);
      await written(rude, asked);
      await until("the watch has arrived", () => hints > before, 10_000, 1);
      worker.publish(ID, aState({ status: "delivered" }));
      await until("who waits is told", () => told.includes(ID), 10_000, 1);
      waiter.close();
      rude.destroy();
    },
    async close() {
      await worker.close();
      rmSync(path, { force: true });
    },
  });
});

/** What is believed of a reply must be there. */
function expectWhole(said: ReturnType<typeof parseReply>): void {
  if (said?.op === "event" && typeof said.state.status !== "string")
    throw new Error("an event without a state");
  if (said?.op === "worker" && !Number.isInteger(said.pid)) throw new Error("a worker without a process id");
}

/** Also one that was closed for what it said has been heard. */
function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => resolve());
    socket.on("connect", () => socket.write(bytes, () => resolve()));
  });
}
