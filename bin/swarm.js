#!/usr/bin/env node
// Runs dist/swarm.cjs from the code that V8 compiled when it was built: that spares a third of a start. Another version
// of node refuses that code, and compiles anew.
const { readFileSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const filename = join(__dirname, "../dist/swarm.cjs");
let cachedData;
try {
  cachedData = readFileSync(join(__dirname, "../dist/swarm.cache"));
} catch {
  // built where it could not be made
}
const script = new Script(wrap(readFileSync(filename, "utf8")), { filename, cachedData });
const swarm = { exports: {} };
script.runInThisContext()(swarm.exports, createRequire(filename), swarm, filename, dirname(filename));
