// The same as a CommonJS module, which waits for nothing.
const { openSwarm } = require("swarm-delivery");

openSwarm()
  .send("Agent-1", "from a program", { from: "commonjs", wait: false })
  .then((sent) => console.log(JSON.stringify({ sent, signals: process.listenerCount("SIGINT") })));
