// Builds the command into dist/: one CommonJS file for the command line and the worker (it starts fastest so),
// one for the driver, the only part that loads nut-js and clipboardy (which find their binaries by path: not bundled).
import { build } from "esbuild";

const shared = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
};

await build({ ...shared, entryPoints: ["src/cli/main.ts"], outfile: "dist/swarm.cjs" });
await build({
  ...shared,
  entryPoints: ["src/desktop/driver.ts"],
  outfile: "dist/driver.cjs",
  external: ["@nut-tree-fork/nut-js", "clipboardy"],
});
