/** Waits for a line on standard input, then accepts messages without end (or `count` of them), each id printed once it is accepted. */
import { readSync, writeSync } from "node:fs";
import { message, spoolOf } from "./spool-of.ts";

const [root = "", count = "", key = ""] = process.argv.slice(2);
const store = spoolOf(root);
writeSync(1, "ready\n");
readSync(0, Buffer.alloc(1));
for (let index = 0; count === "" || index < Number(count); index += 1) {
  const single = message({ key: key === "" ? null : `${key}-${index}` });
  const group = [single, { ...single, recipient: "Agent-2" }, { ...single, recipient: "Agent-3" }];
  const result = index % 3 === 2 ? store.accept(group, true) : store.accept([single], false);
  if (result.kind !== "accepted") throw new Error(result.kind);
  const line = result.messages.map(
    ({ message: { id }, isDuplicate }) => `${id}${isDuplicate ? " duplicate" : ""}`,
  );
  writeSync(1, `${line.join("\n")}\n`);
}
