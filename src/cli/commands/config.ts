/** `swarm config show` and `swarm config schema` */
import { explain } from "../../config/explain.ts";
import { jsonSchema } from "../../config/json-schema.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Action, Define } from "../command.ts";
import { writeOut } from "../output.ts";
import { table } from "../render.ts";

export const defineConfig: Define = (definition, run) => {
  definition
    .command("show")
    .description("Print the effective configuration and where each value came from.")
    .addHelpText(
      "after",
      "\nA flag counts before the environment, that before swarm.json, that before the\ndefault.\n\nExample:\n  SWARM_DELIVERY_ATTEMPTS=5 swarm config show",
    )
    .action(run(show));
  definition
    .command("schema")
    .description("Print the JSON Schema of swarm.json.")
    .addHelpText("after", "\nExample:\n  swarm config schema > swarm.schema.json")
    .action(run(schema));
  definition.addHelpText("after", "\nExample:\n  swarm config show");
};

const show: Action = async (session) => {
  const { config, rootSource } = session.workspace();
  const { root, file, settings, agents, groups, profiles } = explain(config, rootSource);
  session.json({ root, file, settings, agents, groups, profiles });
  const paint = await session.paint();
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? "" : `\n${paint.strong(title)}\n${table(rows, "  ")}`;
  session.show(
    table([
      ["root", root.value, sourceOfRoot(root.source)],
      ["file", file ?? "none", ""],
    ]) +
      section(
        "settings",
        Object.entries(settings).map(([path, { value, source }]) => [path, JSON.stringify(value), source]),
      ) +
      section(
        "agents",
        Object.entries(agents).map(([name, { source, name: _, transport, ...rest }]) => [
          name,
          transport,
          detailsOf(rest),
          source,
        ]),
      ) +
      section(
        "groups",
        Object.entries(groups).map(([name, members]) => [name, members.join(", ")]),
      ) +
      section(
        "profiles",
        Object.entries(profiles).map(([name, { name: _, ...keys }]) => [name, detailsOf(keys)]),
      ),
  );
  return EXIT.done;
};

function sourceOfRoot(source: string): string {
  return source === "folder" ? "nearest above the current folder" : source;
}

function detailsOf(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

/** The schema itself, not wrapped: it is a file for editors. */
const schema: Action = () => {
  writeOut(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return EXIT.done;
};
