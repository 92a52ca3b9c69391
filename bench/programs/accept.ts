/** `accept.ts ROOT COUNT`: accepts one broadcast to Agent-1, Agent-2, …; prints the milliseconds. */
import { openOutbox } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/config/load.ts";
import { newMessages } from "../messages.ts";

const [root = ".", count = "0"] = process.argv.slice(2);
const loaded = loadConfig(root, process.env);
if (!loaded.ok) throw new Error("the workspace is not right");
const outbox = openOutbox(loaded.config);
const messages = newMessages(Array.from({ length: Number(count) }, (_, i) => `Agent-${i + 1}`));
const startedAt = performance.now();
const result = outbox.accept(messages, true);
const ms = performance.now() - startedAt;
if (result.kind !== "accepted" || result.messages.length !== Number(count)) throw new Error(result.kind);
console.log(ms);
