/** `programs/run-days.ts` as one file, which runs many days faster, and beside others. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import type { Histories } from "./histories.ts";

/** Writes the program to `outfile`, with what `plugins` make of the code. */
export async function buildDays(outfile: string, plugins: Plugin[] = []): Promise<void> {
  await build({
    entryPoints: ["test/simulator/programs/run-days.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
    external: ["@nut-tree-fork/nut-js", "clipboardy"],
    // What is bundled and asks for modules the older way.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    plugins,
  });
}

/** Runs `days` days in a process of its own, until one goes wrong; `isShrunk`: then looks for the smallest such day. */
export async function runDays(
  program: string,
  seed: number,
  days: number,
  isShrunk = false,
): Promise<Histories> {
  const args = [program, `${seed}`, `${days}`, ...(isShrunk ? ["shrunk"] : [])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Histories;
}
