// `npm run bench [-- ROW…]`. Node 20 needs a hook to run TypeScript; the program is bench.ts.
import "../test/setup/typescript.js";

const { default: runBench } = await import("./bench.ts");
process.exitCode = await runBench(process.argv.slice(2));
