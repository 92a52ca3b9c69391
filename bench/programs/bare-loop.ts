/** `bare-loop.ts ROOT COUNT`: writes so many small files durably, one after the other; prints the milliseconds. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

const [root = ".", count = "0"] = process.argv.slice(2);
const folder = join(root, "bare");
mkdirSync(join(folder, "tmp"), { recursive: true });
mkdirSync(join(folder, "new"));
const body = "x".repeat(300);
const startedAt = performance.now();
for (let i = 0; i < Number(count); i++) {
  const temporary = join(folder, "tmp", String(i));
  const file = openSync(temporary, "wx", 0o600);
  writeSync(file, body);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(folder, "new", String(i)));
  const parent = openSync(join(folder, "new"), "r");
  fsyncSync(parent);
  closeSync(parent);
}
console.log(performance.now() - startedAt);
