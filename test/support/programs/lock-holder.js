// Takes the lock named on the command line, says whether it got it, and holds it until it is ended.
// `--counter FILE`: instead, many times over: takes the lock, adds one to the number in the file, frees it.
import { readFileSync, writeFileSync } from "node:fs";
import { lockWithin, tryLock } from "../../../src/support/kernel-lock.ts";

const [name = "", option, file = "", rounds = "0"] = process.argv.slice(2);
if (option === "--counter") {
  for (let round = 0; round < Number(rounds); round += 1) {
    const lock = lockWithin(name, 20_000);
    if (!lock) throw new Error("waited in vain");
    writeFileSync(file, String(Number(readFileSync(file, "utf8")) + 1));
    lock.release();
  }
} else {
  const lock = await tryLock(name);
  process.stdout.write(lock ? "held\n" : "taken\n");
  if (lock) setInterval(() => {}, 1000);
}
