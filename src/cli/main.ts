/** Where the command begins. */
import { failureOf } from "../library/failure.ts";
import { run, tell } from "./program.ts";

// What nobody awaited: a bug, told as such instead of by node's own words.
process.on("uncaughtException", (thrown) => {
  process.exit(tell(failureOf(thrown), { json: process.argv.includes("--json") }));
});

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
