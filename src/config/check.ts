/** Compares a value with what it should be, and tells everything that is wrong with it. */
import { NAME } from "../domain/agent.ts";
import { formatDuration, parseDuration } from "../domain/duration.ts";
import { nearest } from "../support/nearest.ts";
import { join, type Problem } from "./problem.ts";
import type { Field, MapNode, Node, NumberNode, TextNode, VariantsNode } from "./schema-node.ts";

/** All problems of the value at `path`; none means that it is as `node` says. */
export function check(value: unknown, node: Node, path: string): readonly Problem[] {
  switch (node.kind) {
    case "object":
      return isRecord(value) ? checkFields(value, node.fields, path) : wrongType(path, "an object", value);
    case "map":
      return isRecord(value) ? checkMap(value, node, path) : wrongType(path, "an object", value);
    case "variants":
      return isRecord(value) ? checkVariants(value, node, path) : wrongType(path, "an object", value);
    case "list":
      return Array.isArray(value)
        ? value.flatMap((item: unknown, index) => check(item, node.items, join(path, index)))
        : wrongType(path, "a list", value);
    case "text":
      return typeof value === "string"
        ? checkText(value, node, path)
        : wrongType(path, expectedText(node), value);
    case "number":
      return checkNumber(value, node, path);
    case "duration":
      return checkDuration(value, node.minMs, path);
    case "choice":
      return checkChoice(value, node.values, path);
    case "flag":
      return typeof value === "boolean" ? [] : wrongType(path, "true or false", value);
    case "constant":
      return value === node.value ? [] : wrongType(path, String(node.value), value);
    case "either":
      return checkEither(value, node.options, path);
    default:
      return node satisfies never;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problem(path: string, message: string, meant: string | null = null): Problem {
  return { path, message, nearest: meant };
}

function wrongType(path: string, expected: string, value: unknown): readonly Problem[] {
  return [problem(path, `must be ${expected}, and is ${describe(value)}`)];
}

/** The value in few words, for error texts. */
function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

type Fields = Readonly<Record<string, Field>>;

function checkFields(
  value: Readonly<Record<string, unknown>>,
  fields: Fields,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const meantKeys = new Set<string>();
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field) {
      problems.push(...check(item, field.node, join(path, key)));
      continue;
    }
    const free = Object.keys(fields).filter((name) => !Object.hasOwn(value, name));
    const meant = nearest(key, free);
    if (meant !== null) meantKeys.add(meant);
    problems.push(unknownKey(join(path, key), meant, Object.keys(fields)));
  }
  for (const [key, { isRequired }] of Object.entries(fields)) {
    if (isRequired && !Object.hasOwn(value, key) && !meantKeys.has(key))
      problems.push(problem(join(path, key), "is missing"));
  }
  return problems;
}

function unknownKey(path: string, meant: string | null, valid: readonly string[]): Problem {
  return problem(
    path,
    meant === null ? `unknown key; valid here: ${valid.join(", ")}` : "unknown key",
    meant,
  );
}

function checkMap(value: Readonly<Record<string, unknown>>, node: MapNode, path: string): readonly Problem[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const at = join(path, key);
    if (NAME.test(key)) return check(item, node.values, at);
    return [
      problem(
        at,
        `can't be the name of ${node.names}: 1 to 64 letters, digits, ".", "_" and "-", the first a letter or digit`,
      ),
    ];
  });
}

function checkVariants(
  value: Readonly<Record<string, unknown>>,
  node: VariantsNode,
  path: string,
): readonly Problem[] {
  const { by, variants } = node;
  const names = Object.keys(variants);
  if (!Object.hasOwn(value, by)) {
    const typo = Object.keys(value).find((key) => nearest(key, [by]) !== null);
    return typo === undefined
      ? [problem(join(path, by), `is missing: ${oneOf(names)}`)]
      : [problem(join(path, typo), "unknown key", by)];
  }
  const name = value[by];
  const variant = typeof name === "string" && Object.hasOwn(variants, name) ? variants[name] : undefined;
  if (!variant) return checkChoice(name, names, join(path, by));
  return checkFields(value, { [by]: { node: { kind: "choice", values: names } }, ...variant.fields }, path);
}

function checkText(value: string, node: TextNode, path: string): readonly Problem[] {
  if (node.pattern && !node.pattern.test(value)) return wrongType(path, expectedText(node), value);
  const found = node.problem?.(value) ?? null;
  return found === null ? [] : [problem(path, found)];
}

function expectedText(node: TextNode): string {
  return node.expected ?? "a text";
}

function checkNumber(value: unknown, { isInteger, min, max }: NumberNode, path: string): readonly Problem[] {
  const isRight = isInteger ? Number.isInteger(value) : Number.isFinite(value);
  if (isRight && Number(value) >= min && Number(value) <= max) return [];
  return wrongType(path, `${isInteger ? "a whole number" : "a number"} from ${min} to ${max}`, value);
}

function checkDuration(value: unknown, minMs: number, path: string): readonly Problem[] {
  const ms = typeof value === "string" ? parseDuration(value) : null;
  if (ms === null) {
    const meant = typeof value === "number" && value >= 0 ? `${value}s` : null;
    return [
      problem(
        path,
        `must be a duration such as "500ms", "20s", "5m", "2h" or "90d", and is ${describe(value)}`,
        meant,
      ),
    ];
  }
  return ms >= minMs
    ? []
    : [problem(path, `must be at least ${formatDuration(minMs)}, and is ${describe(value)}`)];
}

function checkChoice(value: unknown, values: readonly string[], path: string): readonly Problem[] {
  if (typeof value === "string" && values.includes(value)) return [];
  const meant = typeof value === "string" ? nearest(value, values) : null;
  return [problem(path, `must be ${oneOf(values)}, and is ${describe(value)}`, meant)];
}

function checkEither(value: unknown, options: readonly [Node, ...Node[]], path: string): readonly Problem[] {
  const tried = options.map((option) => check(value, option, path));
  if (tried.some((problems) => problems.length === 0)) return [];
  const others = options.flatMap((option) => (option.kind === "constant" ? [String(option.value)] : []));
  return (tried[0] ?? []).map((first) =>
    first.path === path
      ? { ...first, message: first.message.replace(/, and is /, ` (or ${others.join(" or ")}), and is `) }
      : first,
  );
}

function oneOf(values: readonly string[]): string {
  return `one of ${values.map((value) => `"${value}"`).join(", ")}`;
}
