/** The settings of `swarm.json` that have a default: their values, and where each came from. */
import { nearest } from "../support/nearest.ts";
import { check, isRecord } from "./check.ts";
import type { Problem } from "./problem.ts";
import type { Field, Node, ObjectNode, Scalar } from "./schema-node.ts";
import { SWARM_JSON } from "./swarm-json.ts";

export type Source = "environment" | "swarm.json" | "default";

export interface Setting {
  /** As in the file: `delivery.backoff.initial`. */
  readonly path: string;
  readonly value: Scalar;
  readonly source: Source;
  /** The environment variable that sets it: `SWARM_DELIVERY_BACKOFF_INITIAL`. */
  readonly variable: string;
}

export interface Settings {
  readonly all: readonly Setting[];
  /** Of environment variables only: the file was checked as a whole before. */
  readonly problems: readonly Problem[];
}

/** The effective settings: environment before file before default. `file` is what `check` found right. */
export function effectiveSettings(file: unknown, env: NodeJS.ProcessEnv): Settings {
  const problems: Problem[] = [];
  const known = settingFields(SWARM_JSON, []);
  const all = known.map(({ keys, field }): Setting => {
    const path = keys.join(".");
    const variable = variableOf(keys);
    const setting = { path, variable };
    const text = env[variable];
    if (text !== undefined) {
      const value = parseVariable(text, field.node);
      const found = check(value, field.node, variable);
      problems.push(...found);
      if (found.length === 0) return { ...setting, value, source: "environment" };
    }
    const inFile = valueAt(file, keys);
    if (inFile !== undefined) return { ...setting, value: inFile, source: "swarm.json" };
    return { ...setting, value: field.default ?? null, source: "default" };
  });
  return { all, problems: [...problems, ...unknownVariables(env, all)] };
}

interface SettingField {
  readonly keys: readonly string[];
  readonly field: Field;
}

function settingFields(node: ObjectNode, keys: readonly string[]): readonly SettingField[] {
  return Object.entries(node.fields).flatMap(([key, field]) => {
    const own = [...keys, key];
    if (field.default !== undefined) return [{ keys: own, field }];
    return field.node.kind === "object" ? settingFields(field.node, own) : [];
  });
}

function variableOf(keys: readonly string[]): string {
  return `SWARM_${keys.map((key) => key.replace(/[A-Z]/g, "_$&").toUpperCase()).join("_")}`;
}

/** The text as the value that stands for it in the file. */
function parseVariable(text: string, node: Node): Scalar {
  switch (node.kind) {
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "flag":
      return text === "true" ? true : text === "false" ? false : text;
    case "either": {
      const constant = node.options.find(
        (option) => option.kind === "constant" && String(option.value) === text,
      );
      return constant?.kind === "constant" ? constant.value : text;
    }
    default:
      return text;
  }
}

function valueAt(file: unknown, keys: readonly string[]): Scalar | undefined {
  const found = keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), file);
  return found as Scalar | undefined;
}

/** Variables that begin like ours and are none: a mistyped one must not be without effect and without a word. */
function unknownVariables(env: NodeJS.ProcessEnv, all: readonly Setting[]): readonly Problem[] {
  const known = all.map(({ variable }) => variable);
  const sections = [...new Set(all.map(({ path }) => `SWARM_${path.split(".")[0]?.toUpperCase()}_`))];
  return Object.keys(env)
    .filter((name) => sections.some((section) => name.startsWith(section)) && !known.includes(name))
    .map((name) => ({ path: name, message: "unknown environment variable", nearest: nearest(name, known) }));
}
