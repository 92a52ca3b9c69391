// `npm test`. Node 20 needs a hook to run TypeScript; the program is run.ts.
import "./typescript.js";

const { default: runTests } = await import("./run.ts");
process.exitCode = await runTests(process.argv.slice(2));
