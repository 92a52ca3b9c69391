/** An inbox folder that is swapped for a link that leads outside, and back, while messages are written into it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "vitest";
import { writeInboxFile } from "../../src/delivery/inbox-file.ts";
import { aMessage } from "../delivery/messages.ts";
import { Fence } from "./fence.ts";

const PROGRAM = join(import.meta.dirname, "programs/swap-inbox.ts");
const LOADER = join(import.meta.dirname, "../setup/typescript.js");

export interface Written {
  readonly written: number;
  readonly refused: number;
}

/** Writes so many messages. Throws when one of them gets outside. */
export async function writeWhileSwapped(count: number): Promise<Written> {
  const fence = new Fence();
  const swapper = spawn(
    process.execPath,
    ["--import", LOADER, PROGRAM, fence.path("agent_workspaces/Agent-1/inbox"), fence.folder],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const tally = { written: 0, refused: 0 };
  try {
    await once(swapper.stdout, "data");
    for (let number = 0; number < count; number++) {
      const id = `msg_20260102_030405_${number.toString(16).padStart(8, "0")}`;
      const { ok } = writeInboxFile(fence.root, aMessage({ id, body: `number ${number}` }));
      tally[ok ? "written" : "refused"] += 1;
    }
    fence.checkBeside();
  } finally {
    swapper.kill("SIGKILL");
    await once(swapper, "exit");
    fence.remove();
  }
  // Else nothing was swapped under its hands, or nothing could be written.
  expect(Math.min(tally.written, tally.refused)).toBeGreaterThan(0);
  return tally;
}
