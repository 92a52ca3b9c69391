/** Reads JSON text and says where it is wrong. Keys that stand twice in one object are told too: one of them would be lost. */
import { join, type Problem } from "./problem.ts";

export type ParsedText =
  | { readonly ok: true; readonly value: unknown; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problem: Problem };

/** A byte order mark is skipped. */
export function parseJsonText(source: string): ParsedText {
  const text = source.replace(/^\uFEFF/, "");
  const scanned = new Scan(text).run();
  if (!scanned.ok) return scanned;
  try {
    return { ok: true, value: JSON.parse(text), problems: scanned.problems };
  } catch (cause) {
    const message = `is not valid JSON: ${cause instanceof Error ? cause.message : cause}`;
    return { ok: false, problem: { path: "", message, nearest: null } };
  }
}

const TOKEN = /\s*(?:("(?:[^"\\\u0000-\u001f]|\\.)*")|(true|false|null|-?\d[\d.eE+-]*)|([{}[\],:]))/uy;

interface Open {
  readonly kind: "object" | "list";
  readonly path: string;
  readonly keys: Set<string>;
  /** What may come next. */
  expect: "first" | "key" | "colon" | "value" | "separator";
  key: string;
  index: number;
}

class Scan {
  readonly #text: string;
  readonly #open: Open[] = [];
  readonly #problems: Problem[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run():
    | { readonly ok: true; readonly problems: readonly Problem[] }
    | { readonly ok: false; readonly problem: Problem } {
    let hasValue = false;
    for (;;) {
      const start = this.#at;
      TOKEN.lastIndex = this.#at;
      const match = TOKEN.exec(this.#text);
      const isEnd = this.#text.slice(start).trim() === "";
      if (isEnd && hasValue && this.#open.length === 0) return { ok: true, problems: this.#problems };
      if (isEnd)
        return this.#wrong(
          this.#text.length,
          hasValue || this.#open.length > 0 ? "it ends too early" : "it is empty",
        );
      const [whole = "", string, literal, mark] = match ?? [];
      const tokenAt = match ? start + whole.search(/\S/) : start + this.#text.slice(start).search(/\S/);
      if (!match) return this.#wrong(tokenAt, `${this.#excerpt(tokenAt)} is not expected here`);
      this.#at = start + whole.length;
      const complaint =
        hasValue && this.#open.length === 0 ? "something follows the end" : this.#take(string, literal, mark);
      if (complaint !== null) return this.#wrong(tokenAt, complaint);
      hasValue = true;
    }
  }

  #take(string: string | undefined, literal: string | undefined, mark: string | undefined): string | null {
    const top = this.#open.at(-1);
    if (mark === "}" || mark === "]") return this.#close(mark, top);
    if (mark === ",") return this.#comma(top);
    if (mark === ":") return this.#colon(top);
    if (top?.kind === "object" && (top.expect === "first" || top.expect === "key"))
      return this.#key(top, string);
    if (top && (top.expect === "separator" || top.expect === "colon"))
      return `a ${top.expect === "colon" ? "colon" : "comma"} is missing before it`;
    if (top) top.expect = "separator";
    if (mark === "{" || mark === "[") this.#begin(mark, top);
    else if (literal !== undefined && !isLiteral(literal)) return `${literal} is no number`;
    return null;
  }

  #begin(mark: "{" | "[", top: Open | undefined): void {
    const path = !top ? "" : join(top.path, top.kind === "object" ? top.key : top.index);
    this.#open.push({
      kind: mark === "{" ? "object" : "list",
      path,
      keys: new Set(),
      expect: "first",
      key: "",
      index: 0,
    });
  }

  #close(mark: "}" | "]", top: Open | undefined): string | null {
    const isMatching = top?.kind === (mark === "}" ? "object" : "list");
    if (!top || !isMatching) return `${mark} closes nothing`;
    if (top.expect !== "first" && top.expect !== "separator")
      return top.expect === "colon"
        ? "a colon is missing before it"
        : "a comma or colon before it leads to nothing";
    this.#open.pop();
    return null;
  }

  #comma(top: Open | undefined): string | null {
    if (top?.expect !== "separator") return "the comma is not expected here";
    top.index += 1;
    top.expect = top.kind === "object" ? "key" : "value";
    return null;
  }

  #colon(top: Open | undefined): string | null {
    if (top?.expect !== "colon") return "the colon is not expected here";
    top.expect = "value";
    return null;
  }

  #key(top: Open, string: string | undefined): string | null {
    if (string === undefined) return "a key in double quotes is missing";
    const key = parsedKey(string);
    if (top.keys.has(key))
      this.#problems.push({
        path: join(top.path, key),
        message: "stands twice in the file; one of them would be lost",
        nearest: null,
      });
    top.keys.add(key);
    top.key = key;
    top.expect = "colon";
    return null;
  }

  #wrong(at: number, why: string): { readonly ok: false; readonly problem: Problem } {
    const before = this.#text.slice(0, at).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    return { ok: false, problem: { path: place, message: `not valid JSON: ${why}`, nearest: null } };
  }

  #excerpt(at: number): string {
    return JSON.stringify(
      this.#text
        .slice(at)
        .split(/[\s,:{}[\]]/)[0]
        ?.slice(0, 30) || this.#text.slice(at, at + 1),
    );
  }
}

function isLiteral(text: string): boolean {
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text);
}

function parsedKey(string: string): string {
  try {
    return String(JSON.parse(string));
  } catch {
    return string;
  }
}
