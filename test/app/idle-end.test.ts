import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { workerLockName, workerSocketPath } from "../../src/app/worker-address.ts";
import { connectToWorker } from "../../src/app/worker-connection.ts";
import { holdWorkerPipe, isPipeHeld } from "../../src/app/worker-pipe.ts";
import { tryLock } from "../../src/support/kernel-lock.ts";
import { inboxAgent } from "../delivery/fake-world.ts";
import { aWorld } from "../delivery/running-worker.ts";
import { until } from "../desktop-fixture/until.ts";

test("a message accepted at any moment of a worker's end is delivered by that worker, or its sender sees that none runs", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  world.deps = {
    tryLock: () => tryLock(workerLockName(world.root)),
    socketPath: workerSocketPath(world.root),
    onListening: () => holdWorkerPipe(world.root),
  };
  const met = { worker: 0, none: 0 };
  let lifeMs = 30;
  for (let round = 0; round < 120; round += 1) {
    const startedAt = performance.now();
    const worker = world.work(0);
    const endedAt = worker.ended.then(() => performance.now());
    // Spread over the worker's life, its end included.
    await delay((lifeMs * 1.3 * (round % 40)) / 40);
    const message = world.accept({ recipient: "A" });
    if (round % 2 === 0 ? await isMetBySocket(world.root) : isPipeHeld(world.root)) {
      met.worker += 1;
      await until(
        "the worker that was met delivers it",
        () => world.stateOf(message).status === "delivered",
        5000,
        2,
      );
      await worker.ended;
    } else {
      met.none += 1;
      // The message came too late: so long lives a worker that has nothing to do.
      lifeMs = (await endedAt) - startedAt;
      await world.drain();
    }
    expect(world.stateOf(message).status).toBe("delivered");
  }
  // Else the rounds did not hit the end at all.
  expect(Math.min(met.worker, met.none)).toBeGreaterThan(0);
});

async function isMetBySocket(root: string): Promise<boolean> {
  const connection = await connectToWorker(root);
  connection?.close();
  return connection !== null;
}
