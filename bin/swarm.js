#!/usr/bin/env node
require("../dist/swarm.cjs");
