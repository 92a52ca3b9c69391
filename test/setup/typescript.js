// Lets node 20 run the TypeScript of the tests, the demo and the benchmarks as it lies:
// `node --import ./test/setup/typescript.js demo/demo.ts`
import { register } from "node:module";

register("./typescript-loader.js", import.meta.url);
