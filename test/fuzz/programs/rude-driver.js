/** A driver that says to each call what the call's purpose holds, and answers only then. */
process.on("message", (call) => {
  if (call.method === "acquire") process.send(JSON.parse(call.purpose));
  else process.send(null);
  process.send({ id: call.id, result: call.method === "acquire" ? { ok: true, hands: 1, waitedMs: 0 } : [] });
});
process.on("disconnect", () => process.exit(0));
