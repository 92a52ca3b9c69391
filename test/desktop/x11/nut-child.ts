/** Serves the real calls of nut-js and clipboardy to its parent: without a display nut-js ends its process. */
import { openCalls } from "../../../src/desktop/nut/open-calls.ts";

export interface NutRequest {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}
export interface NutReply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

const calls: object = await openCalls();
process.on("message", ({ id, name, args }: NutRequest) => {
  const call: unknown = Reflect.get(calls, name);
  Promise.resolve(
    typeof call === "function" ? call(...args) : Promise.reject(new Error(`no call ${name}`)),
  ).then(
    (result: unknown) => process.send?.({ id, result }),
    (cause: unknown) => process.send?.({ id, error: String(cause) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.({ id: 0 });
