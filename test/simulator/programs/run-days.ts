/** `run-days SEED DAYS [shrunk]`: prints as JSON what became of these days, up to the first that went wrong. */
import { liveDays } from "../histories.ts";

const [seed, days] = process.argv.slice(2).map(Number);
const histories = await liveDays(seed ?? 0, days ?? 0, process.argv[4] === "shrunk");
process.stdout.write(JSON.stringify(histories), () => process.exit(0));
