/** Accepts one message of 100,000 bytes. */
import { answer, message, spoolOf } from "./spool-of.ts";

const [root = ""] = process.argv.slice(2);
const { kind } = spoolOf(root).accept([message({ body: "x".repeat(100_000) })], false);
answer({ kind });
