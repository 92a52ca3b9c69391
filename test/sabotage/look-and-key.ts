import { quantile } from "../../src/delivery/quantile.ts";
import { run } from "../desktop-fixture/children.ts";
import { startDesktop } from "../desktop-fixture/desktop.ts";

const PROGRAM = ["--import", "./test/setup/typescript.js", "test/sabotage/programs/look-and-key.ts"];

/** In milliseconds. */
export interface Gap {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/**
 * On the hands of macOS and Windows a focus that is stolen between the look and the key gets the key. How long that is,
 * measured with nut-js itself on an X display; the key is done by the end of it.
 */
export async function measureLookToKey(rounds: number): Promise<Gap> {
  const desktop = await startDesktop();
  try {
    const printed = await run(process.execPath, [...PROGRAM, `${rounds}`], {
      env: { ...desktop.env, NODE_NO_WARNINGS: "1" },
      timeoutMs: 60_000,
    });
    const gapsMs = JSON.parse(printed ?? "[]") as number[];
    if (gapsMs.length !== rounds) throw new Error(`${gapsMs.length} of ${rounds} keys were made`);
    return { medianMs: quantile(gapsMs, 0.5) ?? 0, p99Ms: quantile(gapsMs, 0.99) ?? 0 };
  } finally {
    await desktop.stop();
  }
}
