// `npm run demo`. Node 20 needs a hook to run TypeScript; the program is demo.ts.
import "../test/setup/typescript.js";

const { default: runDemo } = await import("./demo.ts");
process.exitCode = await runDemo();
