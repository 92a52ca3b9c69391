import { mkdirSync, rmdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Spool } from "../../src/ports/store.ts";
import { MessageTracker } from "../../src/spool/tracker.ts";
import { inboxAgent } from "../delivery/fake-world.ts";
import { ManualClock } from "../delivery/manual-clock.ts";
import { aWorld, openStore } from "../delivery/running-worker.ts";
import { SpoolWorld } from "../spool/spool-world.ts";

function failing(): never {
  throw Object.assign(new Error("EIO: i/o error, stat"), { code: "EIO" });
}

it("a worker without work outlives a disk that fails at everything, and delivers when it works again", async () => {
  const world = aWorld({ agents: [inboxAgent("Agent-1")] });
  const clock = new ManualClock();
  const spool = openStore(world.root);
  let isBroken = false;
  const flaky = new Proxy(spool, {
    get: (target, name: keyof Spool) =>
      isBroken
        ? failing
        : (...args: readonly never[]) => (target[name] as (...all: never[]) => unknown)(...args),
  });
  const isWorkspaceThere = () => (isBroken ? failing() : true);
  world.deps = { clock, spool: flaky, isWorkspaceThere };
  world.work(60_000);
  await clock.pass(3_000);
  isBroken = true;
  await clock.pass(10_000);
  isBroken = false;
  expect(world.log.events()).toContain("trouble");
  const message = world.accept();
  await clock.pass(5_000);
  expect(world.stateOf(message).status).toBe("delivered");
});

it("a tracker that can't see what was acknowledged says so, and goes on when it can", async () => {
  const { root, folders } = new SpoolWorld();
  const clock = new ManualClock();
  const troubles: string[] = [];
  folders.prepare();
  const tracker = new MessageTracker({
    root,
    limit: 10,
    clock,
    onTrouble: (cause) => troubles.push(cause.message),
  });
  tracker.start();
  await clock.pass(2_000);
  rmdirSync(join(folders.queue, "acks"));
  symlinkSync("acks", join(folders.queue, "acks"));
  await clock.pass(5_000);
  expect(troubles.join()).toContain("ELOOP");
  rmSync(join(folders.queue, "acks"));
  mkdirSync(join(folders.queue, "acks"));
  const before = troubles.length;
  await clock.pass(5_000);
  expect(troubles).toHaveLength(before);
  tracker.close();
});
