import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { Attempt } from "../../src/ports/transport.ts";
import { until } from "../desktop-fixture/until.ts";
import { desktopAgent, inboxAgent, typeAndSubmit } from "./fake-world.ts";
import { aWorld, type World } from "./running-worker.ts";

interface Client {
  readonly socket: Socket;
  readonly said: { op: string; id?: string; pid?: number; state?: { status: string } }[];
  isClosed: boolean;
  say(line: unknown): void;
}

async function aClient(world: World): Promise<Client> {
  const path = join(world.root, "runtime/queue/worker.sock");
  const socket = await until("a worker listens", () => tryConnect(path));
  onTestFinished(() => void socket.destroy());
  const client: Client = {
    socket,
    said: [],
    isClosed: false,
    say: (line) => socket.write(typeof line === "string" ? line : `${JSON.stringify(line)}\n`),
  };
  let rest = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    client.said.push(...lines.map((line) => JSON.parse(line)));
  });
  socket
    .on("error", () => undefined)
    .on("close", () => {
      client.isClosed = true;
    });
  return client;
}

function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket)).once("error", () => resolve(null));
  });
}

function untilStopped({ signal }: Attempt): Promise<Outcome> {
  const error = { code: "human_active", message: "m", hint: "h" } as const;
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve({ kind: "handed_back", error }));
  });
}

/** What the client was told about the message, in order. */
function told(client: Client, id: string): readonly (string | undefined)[] {
  return client.said.filter((reply) => reply.id === id).map(({ state }) => state?.status);
}

test("whoever watches a message hears of each attempt that ended, and of the end", async () => {
  let tries = 0;
  const world = aWorld({
    agents: [desktopAgent("A")],
    deliver: (attempt) => {
      tries += 1;
      const error = { code: "focus_lost", message: "m", hint: "h" } as const;
      return Promise.resolve<Outcome>(tries === 1 ? { kind: "deferred", error } : typeAndSubmit(attempt));
    },
  });
  world.work(null);
  const client = await aClient(world);
  const message = world.accept({ recipient: "A" });
  client.say({ op: "watch", ids: [message.id] });
  await until("the end is told", () => told(client, message.id).includes("delivered"));
  expect(told(client, message.id).at(-1)).toBe("delivered");
});

test("whoever watches a message that has ended a moment ago hears of its end at once", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  world.work(null);
  const client = await aClient(world);
  const message = world.accept({ recipient: "A" });
  await world.reached(message, "delivered");
  client.say({ op: "watch", ids: [message.id] });
  await until("the end is told", () => told(client, message.id)[0] === "delivered", 900, 1);
});

test("whoever watches a message that an earlier worker ended hears of it within seconds", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  const message = world.accept({ recipient: "A" });
  await world.drain();
  world.work(null);
  const client = await aClient(world);
  client.say({ op: "watch", ids: [message.id] });
  await until("the end is told", () => told(client, message.id)[0] === "delivered", 5000);
});

test("whoever watches a message that somebody cancels hears of it within seconds", async () => {
  const world = aWorld({ agents: [desktopAgent("A")], deliver: untilStopped });
  world.accept({ recipient: "A" });
  const waiting = world.accept({ recipient: "A" });
  world.work(null);
  const client = await aClient(world);
  client.say({ op: "watch", ids: [waiting.id] });
  expect(world.outbox.cancel(waiting.id)).toBe("cancelled");
  await until("the end is told", () => told(client, waiting.id)[0] === "cancelled", 5000);
});

test("a message that was queued again is not reported as failed, as it was before", async () => {
  let isMended = false;
  const world = aWorld({
    agents: [desktopAgent("A")],
    deliver: (attempt) => {
      const error = { code: "window_not_found", message: "m", hint: "h" } as const;
      return Promise.resolve<Outcome>(isMended ? typeAndSubmit(attempt) : { kind: "rejected", error });
    },
  });
  world.work(null);
  const client = await aClient(world);
  const message = world.accept({ recipient: "A" });
  await world.reached(message, "failed");
  isMended = true;
  world.outbox.retryFailed({ isUnconfirmedIncluded: false });
  client.say({ op: "watch", ids: [message.id] });
  await until("the end is told", () => told(client, message.id).length > 0);
  expect(told(client, message.id)).toEqual(["delivered"]);
});

test.each([["no JSON\n"], ['{"op":"sudo"}\n'], ['{"op":"watch","ids":"all"}\n'], ["x".repeat(5_000_000)]])(
  "what is no request closes that connection and no other (%#)",
  async (line) => {
    const world = aWorld({ agents: [inboxAgent("A")] });
    world.work(null);
    const bad = await aClient(world);
    const good = await aClient(world);
    bad.say(line);
    await until("the connection is closed", () => bad.isClosed);
    good.say({ op: "who" });
    await until("the other one answers", () => good.said.length > 0);
    expect(good.said).toEqual([{ op: "worker", pid: process.pid }]);
  },
);

test("requests may arrive in pieces", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  world.work(null);
  const client = await aClient(world);
  client.say('{"op":');
  await until("the piece is on its way", () => client.socket.writableLength === 0);
  client.say('"who"}\n{"op":"who"}\n');
  await until("both are answered", () => client.said.length === 2);
});

test("whoever waits sees at once that the worker ends", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  const worker = world.work(null);
  const client = await aClient(world);
  await worker.stop();
  await until("the connection is closed", () => client.isClosed);
});

test("a socket that a killed worker left behind is replaced", async () => {
  const world = aWorld({ agents: [inboxAgent("A")] });
  const path = join(world.root, "runtime/queue/worker.sock");
  const killed = `require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", killed, path]);
  expect(existsSync(path)).toBe(true);
  world.work(null);
  const client = await aClient(world);
  client.say({ op: "who" });
  await until("it answers", () => client.said.length > 0);
});
