/** `swarm config show` and `swarm config schema` */
import { explain } from "../../config/explain.ts";
import { jsonSchema } from "../../config/json-schema.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Action, Define } from "../command.ts";
import { configView } from "../config-view.ts";
import { writeOut } from "../output.ts";

export const defineConfig: Define = (definition, run) => {
  definition
    .command("show")
    .description("Print the effective configuration and where each value came from.")
    .addHelpText("after", SHOW_HELP)
    .action(run(show));
  definition
    .command("schema")
    .description("Print the JSON Schema of swarm.json.")
    .addHelpText("after", "\nExample:\n  swarm config schema > swarm.schema.json")
    .action(run(schema));
  definition.addHelpText("after", "\nExample:\n  swarm config show");
};

const SHOW_HELP = `
A flag counts before the environment, that before swarm.json, that before the
default.

Example:
  SWARM_DELIVERY_ATTEMPTS=5 swarm config show`;

const show: Action = async (session) => {
  const { config, rootSource } = session.workspace();
  const explanation = explain(config, rootSource);
  session.json({ ...explanation });
  session.show(configView(explanation, await session.paint()));
  return EXIT.done;
};

/** The schema itself, not wrapped: it is a file for editors. */
const schema: Action = () => {
  writeOut(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return EXIT.done;
};
