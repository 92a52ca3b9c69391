/** `run-days SEED DAYS`: prints what the first day that went wrong broke, as JSON; null where none did. */
import { liveDays } from "../histories.ts";

const [seed, days] = process.argv.slice(2).map(Number);
const { failure } = await liveDays(seed ?? 0, days ?? 0, process.argv[4] === "shrunk");
process.stdout.write(JSON.stringify(failure), () => process.exit(0));
