// A program of somebody else, as an ES module.
import { isRefused, openSwarm } from "swarm-delivery";

process.on("SIGINT", () => console.log("its own handler"));
const swarm = openSwarm();
const sent = await swarm.send("Agent-1", "from a program", { from: "esm" });
const refused = await swarm.send("Agent-9", "x");
console.log(JSON.stringify({ sent, isRefused: [isRefused(sent), isRefused(refused)] }));
