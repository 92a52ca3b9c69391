/** Accepts one message where it may not write: as somebody else (when root started it), or with the write bit taken away. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { answer, message, spoolOf } from "./spool-of.ts";

const [root = ""] = process.argv.slice(2);
const tmp = join(root, "runtime/queue/tmp");
chmodSync(root, 0o755);
for (const name of ["", "queue", "queue/new", "queue/ids"]) chmodSync(join(root, "runtime", name), 0o777);
chmodSync(tmp, 0o555);
process.setuid?.(process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 0));
const result = spoolOf(root).accept([message()], false);
answer(
  result.kind === "not_stored"
    ? { kind: result.kind, path: result.path, code: "code" in result.cause ? result.cause.code : null }
    : { kind: result.kind },
);
