// Builds the command into dist/, as CommonJS files, which start fastest: swarm.cjs is what `send` and `broadcast` need,
// more.cjs the other commands and the worker (reading less is half the speed of a start), driver.cjs the only part that
// loads nut-js and clipboardy (which find their binaries by path: not bundled), keeper.cjs what holds the clipboard after it.
// index.cjs is the entry of the package, for `import` and `require`; types/ are its declarations.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const CODE_CACHE = "dist/swarm.cache";

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

/** As apart: what one command needs alone, and what runs in the panes that it opens. */
const selftestApart = {
  name: "selftest-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/selftest\/selftest\.ts$/ }, () => ({ path: "./selftest.cjs", external: true })),
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

/** Runs by itself, in a workspace: one `send` that waits in vain, because no worker is started. Then keeps what V8 compiled. */
function compile([bundle, cache]) {
  const { readFileSync, writeFileSync } = require("node:fs");
  const { createRequire, wrap } = require("node:module");
  const { dirname } = require("node:path");
  const { Script } = require("node:vm");
  require("node:child_process").spawn = () => ({
    once: () => undefined,
    on: () => undefined,
    unref: () => undefined,
  });
  process.argv = [process.execPath, bundle, "send", "Agent-1", "hello", "--timeout", "100ms"];
  const script = new Script(wrap(readFileSync(bundle, "utf8")), { filename: bundle });
  process.on("exit", () => writeFileSync(cache, script.createCachedData()));
  script.runInThisContext()({}, createRequire(bundle), { exports: {} }, bundle, dirname(bundle));
}

function makeCodeCache() {
  const workspace = mkdtempSync(join(tmpdir(), "swarm-build-"));
  mkdirSync(join(workspace, "agent_workspaces", "Agent-1"), { recursive: true });
  const cache = join(workspace, "swarm.cache");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--eval", `(${compile})(process.argv.slice(1))`, join(import.meta.dirname, "dist/swarm.cjs"), cache],
    { cwd: workspace, encoding: "utf8" },
  );
  // 4: still queued when the time was over.
  if (status === 4) {
    copyFileSync(cache, `${CODE_CACHE}.new`);
    renameSync(`${CODE_CACHE}.new`, CODE_CACHE);
  } else console.error(`The code cache was not made: exit ${status}\n${stderr}`);
  rmSync(workspace, { recursive: true, force: true });
}

/** The declarations that the entry's own reach, and no others: they name nothing that a program could not have. */
async function makeTypes() {
  const { default: ts } = await import("typescript");
  const source = join(import.meta.dirname, "src");
  const waiting = [join(source, "library/index.ts")];
  for (const path of waiting) {
    const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(path, "utf8"), {
      fileName: path,
      reportDiagnostics: true,
      compilerOptions: { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 },
    });
    for (const { messageText } of diagnostics) throw new Error(`${path}: ${JSON.stringify(messageText)}`);
    const imported = [...outputText.matchAll(/"(\.[^"]+)\.ts"/g)].map(([, name]) =>
      join(dirname(path), `${name}.ts`),
    );
    waiting.push(...imported.filter((found) => !waiting.includes(found)));
    const file = join(import.meta.dirname, "dist/types", relative(source, path).replace(/\.ts$/, ".d.ts"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, outputText.replace(/"(\.[^"]+)\.ts"/g, '"$1.js"'));
  }
  // As what they declare: the package itself says that it has ES modules.
  writeFileSync("dist/types/package.json", '{ "type": "commonjs" }\n');
}

// One of another bundle must not outlive it: V8 tells them apart by their length alone.
rmSync(CODE_CACHE, { force: true });
await build({
  ...shared,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/swarm.cjs",
  plugins: [moreCommandsApart, commanderWithoutChildren],
  // As `require`: node's own `import()` would load what reads ES modules.
  supported: { "dynamic-import": false },
});
await build({
  ...shared,
  entryPoints: ["src/cli/more-commands.ts"],
  outfile: "dist/more.cjs",
  plugins: [selftestApart],
  // Each for one option of one command.
  external: ["jimp", "prom-client"],
});
await build({
  ...shared,
  entryPoints: ["src/desktop/driver.ts"],
  outfile: "dist/driver.cjs",
  external: ["@nut-tree-fork/nut-js", "clipboardy"],
});
await build({ ...shared, entryPoints: ["src/desktop/x11/keep-clipboard.ts"], outfile: "dist/keeper.cjs" });
await build({ ...shared, entryPoints: ["src/library/index.ts"], outfile: "dist/index.cjs" });
rmSync("dist/types", { recursive: true, force: true });
await makeTypes();
await build({ ...shared, entryPoints: ["src/selftest/selftest.ts"], outfile: "dist/selftest.cjs" });
await build({ ...shared, entryPoints: ["src/selftest/fake-agent.ts"], outfile: "dist/fake-agent.cjs" });
await build({ ...shared, entryPoints: ["src/selftest/janitor.ts"], outfile: "dist/janitor.cjs" });
makeCodeCache();
