/** The JSON Schema of `swarm.json`, made from the same description as the check. */
import { NAME } from "../domain/agent.ts";
import { DURATION } from "../domain/duration.ts";
import type { Field, Node } from "./schema-node.ts";
import { SWARM_JSON } from "./swarm-json.ts";

type Schema = Readonly<Record<string, unknown>>;

/** As `swarm config schema` prints it and `schema/swarm.schema.json` ships it. */
export function jsonSchema(): Schema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "swarm.json",
    description: "Agents, groups and settings of a swarm workspace. Everything is optional.",
    ...schemaOf(SWARM_JSON),
  };
}

function schemaOf(node: Node): Schema {
  return node.about === undefined ? shapeOf(node) : { description: node.about, ...shapeOf(node) };
}

function shapeOf(node: Node): Schema {
  switch (node.kind) {
    case "object":
      return objectOf(node.fields);
    case "map":
      return {
        type: "object",
        propertyNames: { pattern: NAME.source },
        additionalProperties: schemaOf(node.values),
      };
    case "variants":
      return {
        oneOf: Object.entries(node.variants).map(([name, { about, fields }]) => ({
          description: about,
          ...objectOf({
            [node.by]: { node: { kind: "choice", values: [name] }, isRequired: true },
            ...fields,
          }),
        })),
      };
    case "list":
      return { type: "array", items: schemaOf(node.items) };
    case "text":
      return { type: "string", ...(node.pattern ? { pattern: node.pattern.source } : {}) };
    case "number":
      return { type: node.isInteger ? "integer" : "number", minimum: node.min, maximum: node.max };
    case "duration":
      return { type: "string", pattern: DURATION.source };
    case "choice":
      return node.values.length === 1 ? { const: node.values[0] } : { enum: node.values };
    case "flag":
      return { type: "boolean" };
    case "constant":
      return { const: node.value };
    case "either":
      return { anyOf: node.options.map(schemaOf) };
    default:
      return node satisfies never;
  }
}

function objectOf(fields: Readonly<Record<string, Field>>): Schema {
  const required = Object.entries(fields).flatMap(([key, { isRequired }]) => (isRequired ? [key] : []));
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, propertyOf(field)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function propertyOf(field: Field): Schema {
  const schema = schemaOf(field.node);
  return field.default === undefined ? schema : { ...schema, default: field.default };
}
