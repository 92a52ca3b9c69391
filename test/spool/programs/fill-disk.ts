/** Accepts messages until the disk is full, makes room, and accepts again. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer, message, spoolOf } from "./spool-of.ts";

const [root = ""] = process.argv.slice(2);
const ballast = join(root, "ballast");
writeFileSync(ballast, "x".repeat(100_000));
const ids: string[] = [];
for (;;) {
  const result = spoolOf(root).accept([message({ body: "word ".repeat(1500) })], false);
  if (result.kind === "accepted") {
    ids.push(...result.messages.map(({ message: { id } }) => id));
    continue;
  }
  const found = ids.filter((id) => spoolOf(root).find(id)?.message.body.length === 7500).length;
  const code = result.kind === "not_stored" && "code" in result.cause ? result.cause.code : null;
  const tmp = readdirSync(join(root, "runtime/queue/tmp"));
  rmSync(ballast);
  const afterwards = spoolOf(root).accept([message()], false).kind;
  answer({ accepted: ids.length, refused: { kind: result.kind, code }, tmp, found, afterwards });
  break;
}
