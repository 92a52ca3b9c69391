// Builds the command into dist/, as CommonJS files, which start fastest: swarm.cjs is what `send` and `broadcast` need,
// more.cjs the other commands and the worker (reading less is half the speed of a start), driver.cjs the only part that
// loads nut-js and clipboardy (which find their binaries by path: not bundled).
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

/** The commands that are not in swarm.cjs are loaded from the file beside it. */
const moreCommandsApart = {
  name: "more-commands-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/more-commands\.ts$/ }, () => ({ path: "./more.cjs", external: true })),
};

/** commander loads child_process for commands that are programs of their own. There are none here, and it is not free. */
const commanderWithoutChildren = {
  name: "commander-without-children",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: "none", namespace: "no-children" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "no-children" }, () => ({ contents: "module.exports = {}" }));
  },
};

await build({
  ...shared,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/swarm.cjs",
  plugins: [moreCommandsApart, commanderWithoutChildren],
  // As `require`: node's own `import()` would load what reads ES modules.
  supported: { "dynamic-import": false },
});
await build({ ...shared, entryPoints: ["src/cli/more-commands.ts"], outfile: "dist/more.cjs" });
await build({
  ...shared,
  entryPoints: ["src/desktop/driver.ts"],
  outfile: "dist/driver.cjs",
  external: ["@nut-tree-fork/nut-js", "clipboardy"],
});
