/** Takes messages all the way, without end, as the worker does; each is printed before it is settled. For being killed. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { spoolOf } from "./spool-of.ts";

const [root = "", count = ""] = process.argv.slice(2);
const store = spoolOf(root);
const at = () => Date.now();
const submitted = join(root, "submitted");

function finish(id: string): void {
  store.settle(id, { type: "delivered", at: at() });
  store.archiveFinished(5);
}

for (const { message, state } of store.interrupted()) {
  if (state.step === "submitted") finish(message.id);
  else if (state.step === "typed")
    store.settle(message.id, {
      type: "unconfirmed",
      at: at(),
      error: { code: "submit_unproven", message: "Perhaps.", hint: "Look." },
    });
  else
    store.settle(message.id, {
      type: "deferred",
      at: at(),
      nextAttemptAt: at(),
      error: { code: "worker_died", message: "Died.", hint: "None." },
    });
}
let done = 0;
for (const waiting of store.scan(new Set(["Agent-1", "Agent-2", "Agent-3"]))) {
  if (!store.claim(waiting, { pid: process.pid, at: at() })) continue;
  const { id } = waiting;
  store.record(id, { type: "intent", at: at(), window: "w" }, true);
  store.record(id, { type: "typed", at: at(), ms: 1 }, true);
  // The one thing that can't be undone: a message that was submitted twice shows here.
  appendFileSync(submitted, `${id}\n`);
  store.record(id, { type: "submitted", at: at(), ms: 1, enters: 1 }, true);
  finish(id);
  done += 1;
  process.stdout.write(".");
  if (done === Number(count)) process.kill(process.pid, "SIGKILL");
}
