/** Documents that were right once: fields of other types, names that mean something elsewhere, bytes that a disk or a program broke. */
import fc from "fast-check";

/** What stands in a document as it is, so that also what `JSON.stringify` would never write gets there. */
const HOSTILE_JSON: readonly string[] = [
  "null",
  "true",
  "0",
  "-1",
  "0.5",
  "1e308",
  "-1e308",
  "1e999",
  "9007199254740993",
  "8640000000000001",
  "-8640000000000001",
  '""',
  '" "',
  '"../../outside"',
  '"/tmp/outside"',
  '"runtime/drafts/../../../beside/secret.txt"',
  '"C:\\\\outside"',
  '"CON"',
  '"a\\u0000b"',
  '"\\u0410gent-1"',
  '"\\ud800"',
  '"\\u001b[31m\\u202e"',
  '"__proto__"',
  '"constructor"',
  `"${"x".repeat(5000)}"`,
  '"999999999d"',
  '"/(a+)+$/"',
  "[]",
  "{}",
  "[[null]]",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"length":1e9}',
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
];

const HOSTILE_KEYS = ["__proto__", "constructor", "toString", "", "length", "../x", "a\u0000b", "ключ"];

/** Lines, marks and bytes that no editor leaves. */
const HOSTILE_BYTES: readonly Buffer[] = [
  Buffer.from([0]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from("\ufeff"),
  Buffer.from("\r\n"),
  Buffer.from("\n"),
  Buffer.from("\u2028"),
  Buffer.from("\u009d".repeat(50)),
  Buffer.from("{"),
  Buffer.from('"'),
  Buffer.from(",,"),
  Buffer.from("/* a remark */"),
];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface JsonChange {
  /** Which place of the document, counted through all of them. */
  readonly place: number;
  readonly kind: "replace" | "remove" | "rename" | "add" | "twice";
  readonly key: string;
  /** Most often of the kind that stood there: a number for a number, a text for a text. */
  readonly isAlike: boolean;
  readonly value: string;
  readonly number: string;
  readonly text: string;
}

const jsonChange: fc.Arbitrary<JsonChange> = fc.record({
  place: fc.nat(999),
  kind: fc.constantFrom<JsonChange["kind"][]>(
    "replace",
    "replace",
    "replace",
    "remove",
    "rename",
    "add",
    "twice",
  ),
  key: fc.constantFrom(...HOSTILE_KEYS),
  isAlike: fc.constantFrom(true, true, false),
  value: fc.constantFrom(...HOSTILE_JSON),
  number: fc.constantFrom(...HOSTILE_JSON.filter((value) => /^-?\d/.test(value))),
  text: fc.constantFrom(...HOSTILE_JSON.filter((value) => value.startsWith('"'))),
});

/** Mostly one: what is wrong in many places is refused for the first of them. */
function few<T>(change: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<readonly T[]>([]) },
    { weight: 5, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(change, { minLength: 2, maxLength: most }) },
  );
}

/** The document as JSON text, changed in up to three places. */
export function mutatedJson(document: fc.Arbitrary<Json>): fc.Arbitrary<string> {
  return fc
    .tuple(document, few(jsonChange, 3))
    .map(([json, changes]) => changes.reduce(changed, JSON.stringify(json)));
}

/** Works on the text, so that a key can stand twice in it and a number be too big to be one. */
function changed(text: string, change: JsonChange): string {
  const { place, kind, key } = change;
  const places = [
    ...text.matchAll(/"(?:[^"\\]|\\.)*"\s*:|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{[]/g),
  ];
  const match = places[place % places.length];
  if (!match) return change.value;
  const [found] = match;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + found.length);
  const named = `${JSON.stringify(key)}:`;
  const value = valueFor(found.endsWith(":") ? after : found, change);
  if (found === "{")
    return `${before}{${named}${value}${after.trimStart().startsWith("}") ? "" : ","}${after}`;
  if (found === "[") return `${before}[${value}${after.trimStart().startsWith("]") ? "" : ","}${after}`;
  if (!found.endsWith(":")) return before + value + after;
  switch (kind) {
    case "rename":
      return before + named + after;
    case "remove":
      return before + after.replace(/^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+),?/, "");
    case "add":
      return `${before}${named}${value},${found}${after}`;
    case "twice":
      return `${before}${found}${value},${found}${after}`;
    case "replace":
      return before + found + after.replace(/^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/, () => value);
    default:
      return kind satisfies never;
  }
}

function valueFor(before: string, { isAlike, value, number, text }: JsonChange): string {
  if (!isAlike) return value;
  if (/^\s*-?\d/.test(before)) return number;
  return /^\s*"/.test(before) ? text : value;
}

interface ByteChange {
  readonly kind: "flip" | "cut" | "insert" | "repeat" | "remove" | "lines";
  /** In thousandths of the length. */
  readonly at: number;
  readonly length: number;
  readonly bytes: Buffer;
}

const byteChange: fc.Arbitrary<ByteChange> = fc.record({
  kind: fc.constantFrom<ByteChange["kind"][]>("flip", "cut", "insert", "repeat", "remove", "lines"),
  at: fc.nat(1000),
  length: fc.nat(40),
  bytes: fc.constantFrom(...HOSTILE_BYTES),
});

/** The text's bytes, some of them changed in up to three places. */
export function mutatedBytes(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const changes = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: few(byteChange, 3) },
  );
  return fc.tuple(text, changes).map(([whole, list]) => list.reduce(broken, Buffer.from(whole)));
}

function broken(whole: Buffer, { kind, at, length, bytes }: ByteChange): Buffer {
  const place = Math.floor((whole.length * at) / 1000);
  const [before, after] = [whole.subarray(0, place), whole.subarray(place)];
  switch (kind) {
    case "flip": {
      const flipped = Buffer.from(whole);
      if (place < flipped.length) flipped[place] = (flipped[place] ?? 0) ^ (1 << (length % 8));
      return flipped;
    }
    case "cut":
      return before;
    case "insert":
      return Buffer.concat([before, bytes, after]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, length), after]);
    case "remove":
      return Buffer.concat([before, after.subarray(length)]);
    case "lines":
      return Buffer.from(whole.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
    default:
      return kind satisfies never;
  }
}

/** Names that lead elsewhere, mean something to a system, or only look like an agent's. */
export const hostileName: fc.Arbitrary<string> = fc.constantFrom(
  "../../outside",
  "..",
  ".",
  "",
  " ",
  "/tmp/outside",
  "C:\\outside",
  "\\\\host\\share",
  "CON",
  "nul",
  "COM1.txt",
  "Agent-1\u0000",
  "Agent-1\n",
  "Agent-1/",
  "Agent-1 ",
  "\u0410gent-1",
  "Agent\u20101",
  "Agent-1\u200b",
  "A\u0301gent-1",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "a".repeat(64),
  "a".repeat(65),
  "a".repeat(5000),
  "-rf",
  "--json",
  "~",
  "$HOME",
  "*",
  "\ud800",
  "\u001b[31m",
  "💥",
);
