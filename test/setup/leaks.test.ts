import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { endLeaked, leakedProcesses } from "./leaks.ts";

it.runIf(process.platform === "linux")(
  "finds and ends a process that outlives the run which marked it",
  async () => {
    const mark = `TEST_MARK=${process.pid}`;
    const child = spawn("sleep", ["60"], { env: { ...process.env, TEST_MARK: `${process.pid}` } });
    await once(child, "spawn");
    const found = await leakedProcesses(mark, 0);
    expect(found).toEqual([{ pid: child.pid, command: "sleep 60 " }]);
    const exit = once(child, "exit");
    endLeaked(found);
    await exit;
    expect(await leakedProcesses(mark, 0)).toEqual([]);
  },
);
