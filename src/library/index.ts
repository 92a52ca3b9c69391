/** The entry of the package. */
export type * from "./answers.ts";
export type * from "./api.ts";
export { isRefused, openSwarm } from "./swarm.ts";
