/** Keeps a guest again and again, with longer and longer texts, until it is killed. */
import { keepGuest } from "../../src/desktop/guest-file.ts";

const [line = ""] = process.argv.slice(2);
process.stdout.write("ready\n");
for (let round = 0; ; round++) {
  const clipboardText = "copied ".repeat(20_000 + (round % 7) * 10_000);
  keepGuest(line, ":7", { clipboardText, pointer: { x: 1, y: 2 }, activeWindow: null, workspace: null });
}
