import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { NutCalls } from "../../../src/desktop/nut/nut-calls.ts";
import type { NutReply } from "./nut-child.ts";

/** nut-js and clipboardy in a process of their own. */
export interface NutProcess {
  readonly calls: NutCalls;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

type Waiting = { readonly resolve: (value: never) => void; readonly reject: (cause: Error) => void };

/** Resolves when nut-js is loaded. */
export async function startNut(env: NodeJS.ProcessEnv): Promise<NutProcess> {
  const child = fork(join(import.meta.dirname, "nut-child.ts"), [], {
    env,
    execArgv: ["--import", "./test/setup/typescript.js"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  await once(child, "message");
  child.on("message", ({ id, result, error }: NutReply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result as never);
    else call?.reject(new Error(error));
  });
  const ask = <T>(name: keyof NutCalls, ...args: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      child.send({ id, name, args });
    });
  return {
    child,
    calls: {
      windows: () => ask("windows"),
      activeWindow: () => ask("activeWindow"),
      window: (id) => ask("window", id),
      focus: (id) => ask("focus", id),
      moveWindow: (id, corner) => ask("moveWindow", id, corner),
      press: (chord) => ask("press", chord),
      pointer: () => ask("pointer"),
      movePointer: (to) => ask("movePointer", to),
      click: () => ask("click"),
      screenSize: () => ask("screenSize"),
      screenImage: () => ask("screenImage"),
      readClipboard: () => ask("readClipboard"),
      writeClipboard: (text) => ask("writeClipboard", text),
      idleMs: () => ask("idleMs"),
      isScreenLocked: () => ask("isScreenLocked"),
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}
