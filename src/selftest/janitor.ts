/**
 * The janitor, a process of its own: removes what a selftest has left that was killed itself. Its argument is the folder;
 * its input ends when the selftest does, however that ends.
 */
import { removeAll } from "./remove-all.ts";

const [folder] = process.argv.slice(2);
process.stdin.resume().on("end", () => folder && removeAll(folder));
