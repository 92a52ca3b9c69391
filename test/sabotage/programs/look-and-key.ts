/** `look-and-key ROUNDS`: prints how long after the answer to the look each key of the hands of macOS and Windows was made. */
import { openCalls } from "../../../src/desktop/nut/open-calls.ts";

const calls = await openCalls();
const gapsMs: number[] = [];
for (let round = 0; round < Number(process.argv[2]); round++) {
  await calls.activeWindow();
  const seenAt = performance.now();
  await calls.press("Left");
  gapsMs.push(performance.now() - seenAt);
}
process.stdout.write(JSON.stringify(gapsMs));
