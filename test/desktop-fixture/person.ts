import { run } from "./children.ts";
import type { Desktop } from "./desktop.ts";
import { until } from "./until.ts";

export interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** What a person at the desktop does and has: hands, pointer and clipboard. */
export interface Person {
  type(text: string): Promise<void>;
  /** Keys as xdotool names them: `Return`, `ctrl+a`. */
  press(...keys: readonly string[]): Promise<void>;
  click(x: number, y: number): Promise<void>;
  pointer(): Promise<Pointer>;
  movePointer(x: number, y: number): Promise<void>;
  /** Text in the clipboard; null when its owner does not answer within 2 s. */
  clipboard(): Promise<string | null>;
  setClipboard(text: string): Promise<void>;
}

export function personAt(desktop: Desktop): Person {
  const env = desktop.env;
  const xdotool = (...args: readonly string[]) => run("xdotool", args, { env, timeoutMs: 60_000 });
  const person: Person = {
    async type(text) {
      await xdotool("type", "--delay", "2", "--", text);
    },
    async press(...keys) {
      await xdotool("key", "--delay", "2", ...keys);
    },
    async click(x, y) {
      await xdotool("mousemove", `${x}`, `${y}`, "click", "1");
    },
    async pointer() {
      const location = (await xdotool("getmouselocation", "--shell")) ?? "";
      return { x: Number(/^X=(\d+)/m.exec(location)?.[1]), y: Number(/^Y=(\d+)/m.exec(location)?.[1]) };
    },
    async movePointer(x, y) {
      await xdotool("mousemove", `${x}`, `${y}`);
    },
    clipboard: () => run("xsel", ["--clipboard", "--output"], { env, timeoutMs: 2000 }),
    async setClipboard(text) {
      await run("xsel", ["--clipboard", "--input"], { env, input: text });
      await until(
        `the clipboard holds "${text}"`,
        async () => (await person.clipboard()) === text,
        5_000,
      ).catch(async (cause: unknown) => {
        throw new Error(`it holds "${await person.clipboard()}"`, { cause });
      });
    },
  };
  return person;
}
