import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildDays, runDays } from "./days-program.ts";
import { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";

const SEED = 20_261_132;
const DAYS = 1_000;
const LIMIT_MS = 240_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "planted-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Puts the bug into the code as it is read. */
function planting(bug: PlantedBug): Plugin {
  return {
    name: "planting",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== resolve(bug.file)) return undefined;
        const whole = readFileSync(path, "utf8");
        expect(whole.split(bug.from), `${bug.from} stands in ${bug.file} once`).toHaveLength(2);
        return { contents: whole.replace(bug.from, () => bug.to), loader: "ts" };
      });
    },
  };
}

async function firstFailure(name: string, bug: PlantedBug | null): Promise<string | null> {
  const program = join(folder, `${name}.mjs`);
  await buildDays(program, bug ? [planting(bug)] : []);
  return (await runDays(program, SEED, DAYS)).failure;
}

it.each(PLANTED_BUGS.map((bug, i) => [bug.what, bug, i] as const))(
  "finds a planted bug: %s",
  async (_what, bug, i) => {
    expect(await firstFailure(`bug-${i}`, bug)).toMatch(bug.found);
  },
  LIMIT_MS,
);

it(
  "finds nothing on the same days where none is planted",
  async () => {
    expect(await firstFailure("none", null)).toBe(null);
  },
  LIMIT_MS,
);
