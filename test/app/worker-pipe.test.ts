import { spawn } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdWorkerPipe, isPipeHeld } from "../../src/app/worker-pipe.ts";
import { freshRoot } from "../delivery/fresh-folder.ts";
import { until } from "../desktop-fixture/until.ts";

function queueRoot(): string {
  const root = freshRoot();
  mkdirSync(join(root, "runtime/queue"), { recursive: true });
  return root;
}

test("the pipe tells whether a worker holds it, and a later worker holds the same one", () => {
  const root = queueRoot();
  expect(isPipeHeld(root)).toBeNull();
  for (const _ of ["first", "second"]) {
    const release = holdWorkerPipe(root);
    expect(isPipeHeld(root)).toBe(true);
    release();
    expect(isPipeHeld(root)).toBe(false);
  }
  expect(statSync(join(root, "runtime/queue/worker.pipe")).mode & 0o777).toBe(0o600);
});

test("the pipe of a killed worker is not held", async () => {
  const root = queueRoot();
  holdWorkerPipe(root)();
  const script = `require("node:fs").openSync(process.argv[1], 2048); process.stdin.resume();`;
  const child = spawn(process.execPath, ["-e", script, join(root, "runtime/queue/worker.pipe")]);
  await until("it is held", () => isPipeHeld(root));
  child.kill("SIGKILL");
  await until("it is free", () => isPipeHeld(root) === false);
});

test("a file or a folder in the pipe's place proves nothing, and the next worker replaces it", () => {
  for (const put of [(path: string) => writeFileSync(path, "x"), (path: string) => mkdirSync(path)]) {
    const root = queueRoot();
    put(join(root, "runtime/queue/worker.pipe"));
    expect(isPipeHeld(root)).toBeNull();
    const release = holdWorkerPipe(root);
    expect(isPipeHeld(root)).toBe(true);
    release();
  }
});
