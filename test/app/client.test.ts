import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ensureWorker, runningWorker, waitForEnd } from "../../src/app/client.ts";
import { startWorker } from "../../src/app/start-worker.ts";
import { freshRoot } from "../delivery/fresh-folder.ts";
import { acceptOne, openStore } from "../delivery/running-worker.ts";
import { until } from "../desktop-fixture/until.ts";
import { backgroundWorkspace, endWorker, logged, swarm } from "./background.ts";

const TIMEOUT_MS = 20_000;

test("who waits starts a worker where none runs, hears of the end, and the worker stays for the next", async () => {
  const root = backgroundWorkspace(["A"]);
  const outbox = openStore(root);
  expect(await runningWorker(root)).toBeNull();
  const first = acceptOne(outbox, { recipient: "A" });
  const ends = await waitForEnd([first.id], { root, outbox, timeoutMs: TIMEOUT_MS });
  expect(ends.get(first.id)).toMatchObject({ status: "delivered", evidence: ["inbox_file"] });
  const pid = await runningWorker(root);
  expect(pid).toBeGreaterThan(0);
  const second = acceptOne(outbox, { recipient: "A" });
  await waitForEnd([second.id], { root, outbox, timeoutMs: TIMEOUT_MS });
  expect(await runningWorker(root)).toBe(pid);
});

test("who does not wait starts a worker where none runs, and the message is delivered", async () => {
  const root = backgroundWorkspace(["A"]);
  const outbox = openStore(root);
  const message = acceptOne(outbox, { recipient: "A" });
  await ensureWorker(root);
  await until("it is delivered", () => outbox.find(message.id)?.state.status === "delivered");
});

test("a worker that is killed is noticed at once, the next one is started, and nothing is lost", async () => {
  const root = backgroundWorkspace(["A", "B"]);
  const outbox = openStore(root);
  const first = acceptOne(outbox, { recipient: "A" });
  await waitForEnd([first.id], { root, outbox, timeoutMs: TIMEOUT_MS });
  // An inbox in whose place a file lies keeps the message waiting while workers come and go.
  writeFileSync(join(root, "agent_workspaces/B/inbox"), "in the way");
  writeFileSync(
    join(root, "swarm.json"),
    JSON.stringify({ delivery: { attempts: 50, backoff: { initial: "50ms", max: "50ms" } } }),
  );
  const stuck = acceptOne(outbox, { recipient: "B" });
  const waiting = waitForEnd([stuck.id], { root, outbox, timeoutMs: TIMEOUT_MS });
  const killed = await endWorker(root, "SIGKILL");
  const next = await until("another worker runs", () => runningWorker(root), 5000);
  expect(next).not.toBe(killed);
  rmSync(join(root, "agent_workspaces/B/inbox"));
  expect((await waiting).get(stuck.id)?.status).toBe("delivered");
});

test("who waits gets the last known state when the time is over, and when waiting is broken off", async () => {
  const root = backgroundWorkspace(["A"]);
  const outbox = openStore(root);
  mkdirSync(join(root, "agent_workspaces/A/inbox"));
  writeFileSync(
    join(root, "swarm.json"),
    JSON.stringify({ delivery: { backoff: { initial: "30s", max: "30s" } } }),
  );
  writeFileSync(join(root, "agent_workspaces/A/inbox/x"), "");
  const message = acceptOne(outbox, { recipient: "A" });
  // A folder lies where the inbox file belongs.
  const name = `MESSAGE_${message.id.slice(4, 19)}_${message.id}.md`;
  mkdirSync(join(root, "agent_workspaces/A/inbox", name));
  const changes: string[] = [];
  const onChange = (_: string, { status }: { status: string }) => void changes.push(status);
  const ends = await waitForEnd([message.id], { root, outbox, timeoutMs: 1500, onChange });
  expect(ends.get(message.id)).toMatchObject({ status: "queued", error: { code: "inbox_unwritable" } });
  expect(changes[0]).toBe("queued");
  const abort = new AbortController();
  const broken = waitForEnd([message.id], { root, outbox, timeoutMs: TIMEOUT_MS, signal: abort.signal });
  abort.abort();
  expect((await broken).get(message.id)?.status).toBe("queued");
});

test("a message that had ended before is known without any worker", async () => {
  const root = backgroundWorkspace(["A"]);
  const outbox = openStore(root);
  const message = acceptOne(outbox, { recipient: "A" });
  outbox.cancel(message.id);
  const ends = await waitForEnd([message.id], { root, outbox, timeoutMs: TIMEOUT_MS, mayHaveEnded: true });
  expect(ends.get(message.id)?.status).toBe("cancelled");
  expect(await runningWorker(root)).toBeNull();
});

test("twenty programs that find no worker at the same moment start one between them", async () => {
  const root = backgroundWorkspace(["A"]);
  await Promise.all(Array.from({ length: 20 }, () => swarm(root, ["send", "A", "hello", "--no-wait"])));
  const inbox = join(root, "agent_workspaces/A/inbox");
  await until("all are delivered", () => logged(root, "delivered").length === 20);
  expect(readdirSync(inbox)).toHaveLength(20);
  expect(logged(root, "started")).toHaveLength(1);
});

test("a start that was given up is made again: the note of a dead process keeps nobody from it", async () => {
  const root = backgroundWorkspace(["A"]);
  const outbox = openStore(root);
  const message = acceptOne(outbox, { recipient: "A" });
  const dead = await new Promise<number>((resolve) => {
    void swarm(root, ["--version"], ({ pid }) => resolve(pid ?? 0));
  });
  await until("the process is gone", () => !readdirSync("/proc").includes(String(dead)));
  writeFileSync(join(root, "runtime/queue/worker.starting"), `${dead}\n`);
  await waitForEnd([message.id], { root, outbox, timeoutMs: TIMEOUT_MS });
  expect(outbox.find(message.id)?.state.status).toBe("delivered");
});

test("while another program is just starting a worker, no second one is started", async () => {
  const root = backgroundWorkspace(["A"]);
  const note = join(root, "runtime/queue/worker.starting");
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, `${process.pid}\n`);
  startWorker(root);
  expect(readFileSync(note, "utf8")).toBe(`${process.pid}\n`);
  // The clock of the file system may be ahead of the program's by a part of a millisecond.
  const soon = Date.now() / 1000 + 0.5;
  utimesSync(note, soon, soon);
  startWorker(root);
  expect(readFileSync(note, "utf8")).toBe(`${process.pid}\n`);
});

test("a workspace with a path too long for a socket has a worker all the same", async () => {
  const root = join(freshRoot(), "long".repeat(20), "path".repeat(20));
  mkdirSync(join(root, "agent_workspaces/A"), { recursive: true });
  backgroundWorkspace([], root);
  const outbox = openStore(root);
  const message = acceptOne(outbox, { recipient: "A" });
  const ends = await waitForEnd([message.id], { root, outbox, timeoutMs: TIMEOUT_MS });
  expect(ends.get(message.id)?.status).toBe("delivered");
});
