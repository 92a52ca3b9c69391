/** Opens files until no more can be opened, tries to claim what waits, closes them, and claims again. */
import { closeSync, openSync } from "node:fs";
import { answer, spoolOf } from "./spool-of.ts";

const [root = ""] = process.argv.slice(2);
const store = spoolOf(root);
const [waiting] = store.scan(new Set());
if (!waiting) throw new Error("nothing waits");
const attempt = { pid: process.pid, at: Date.now() };

const open: number[] = [];
try {
  for (;;) open.push(openSync(root, "r"));
} catch {
  // As many as there can be.
}
let code: unknown = null;
try {
  store.claim(waiting, attempt);
} catch (cause) {
  code = cause instanceof Error && "code" in cause ? cause.code : cause;
}
for (const fd of open) closeSync(fd);
store.interrupted();
const [again] = store.scan(new Set());
answer({ code, claimed: again ? (store.claim(again, attempt)?.message.id ?? null) : null });
