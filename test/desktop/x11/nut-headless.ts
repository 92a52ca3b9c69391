/** Asks nut-js for the pointer. */
import { openCalls } from "../../../src/desktop/nut/open-calls.ts";

const calls = await openCalls();
process.stdout.write("loaded\n");
await calls.pointer();
