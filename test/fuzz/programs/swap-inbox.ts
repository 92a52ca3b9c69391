/** Puts a link that leads outside in the place of a folder, and the folder back, as fast as it can, until it is killed. */
import { renameSync, symlinkSync, unlinkSync } from "node:fs";

const [folder = "", outside = ""] = process.argv.slice(2);
process.stdout.write("swaps\n");
for (let round = 0; ; round++) {
  const aside = `${folder}.${round}`;
  attempt(() => renameSync(folder, aside));
  attempt(() => symlinkSync(outside, folder));
  attempt(() => unlinkSync(folder));
  attempt(() => renameSync(aside, folder));
}

/** Whoever writes makes a missing folder anew: then that is the one to swap. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The next one is for what lies there now.
  }
}
