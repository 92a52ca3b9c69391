/** The command in this process: what it prints is caught, what it reads from standard input is given. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { run } from "../../src/cli/program.ts";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Command {
  /** Throws when it ends with 70, a bug of its own. */
  run(args: readonly string[], input?: Uint8Array): Promise<Said>;
  restore(): void;
}

/** Until `restore`, standard input, output and error of this process are the command's; `root` is its workspace. */
export function commandIn(root: string): Command {
  const { readSync, writeSync } = fs;
  const variables = { ...process.env };
  Object.assign(process.env, { SWARM_ROOT: root, SWARM_AGENT: "tester", NO_COLOR: "1" });
  let said = { 1: "", 2: "" };
  let rest: Uint8Array = Buffer.alloc(0);
  const functions = fs as unknown as Record<"readSync" | "writeSync", (...args: unknown[]) => unknown>;
  functions.writeSync = (...args) => {
    const [fd, bytes, offset] = args;
    if (fd !== 1 && fd !== 2) return (writeSync as (...all: unknown[]) => number)(...args);
    said[fd] += Buffer.from(bytes as Uint8Array).toString("utf8", Number(offset ?? 0));
    return (bytes as Uint8Array).length - Number(offset ?? 0);
  };
  functions.readSync = (...args) => {
    const [fd, bytes] = args;
    if (fd !== 0) return (readSync as (...all: unknown[]) => number)(...args);
    const part = rest.subarray(0, (bytes as Uint8Array).length);
    (bytes as Uint8Array).set(part);
    rest = rest.subarray(part.length);
    return part.length;
  };
  syncBuiltinESMExports();
  return {
    async run(args, input = Buffer.alloc(0)) {
      said = { 1: "", 2: "" };
      rest = input;
      const code = await run(args);
      if (code === 70) throw new Error(`swarm ${JSON.stringify(args)} ended with 70:\n${said[2]}`);
      return { code, out: said[1], err: said[2] };
    },
    restore() {
      Object.assign(fs, { readSync, writeSync });
      syncBuiltinESMExports();
      for (const name of ["SWARM_ROOT", "SWARM_AGENT", "NO_COLOR"]) {
        if (variables[name] === undefined) delete process.env[name];
        else process.env[name] = variables[name];
      }
    },
  };
}
