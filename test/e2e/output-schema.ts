/** Holds what `--json` prints to the schema that the package ships. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const SCHEMA = resolve(import.meta.dirname, "../../schema/output.schema.json");

/** What each command prints when it can be carried out; the first one fits a command alone. */
export const PRINTED: Readonly<Record<string, readonly string[]>> = {
  send: ["message", "answer"],
  reply: ["message"],
  cancel: ["message", "messages"],
  ack: ["message"],
  read: ["message_with_body"],
  broadcast: ["messages"],
  "retry-failed": ["messages"],
  purge: ["messages"],
  status: ["status_report", "message_details"],
  inbox: ["inbox", "text"],
  log: ["log", "log_event"],
  explain: ["explanation", "text"],
  guide: ["text"],
  completion: ["text"],
  init: ["init"],
  doctor: ["doctor"],
  selftest: ["selftest"],
  pause: ["pauses"],
  resume: ["pauses"],
  calibrate: ["calibrated", "panes", "calibration"],
  config: ["configuration"],
  worker: ["worker"],
};

let ajv: Ajv2020 | null = null;

function validator(name: string): ValidateFunction {
  if (ajv === null) {
    ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
    ajv.addSchema(JSON.parse(readFileSync(SCHEMA, "utf8")) as object, "output");
  }
  const found = ajv.getSchema(`output#/$defs/${name}`);
  if (!found) throw new Error(`the schema has no ${name}`);
  return found;
}

/** Throws when the object is none that this command line may print. */
export function checkOutput(args: readonly string[], printed: unknown): void {
  const command = args.find((word) => word in PRINTED);
  if (command === undefined) return;
  const names = [...(PRINTED[command] ?? []), "failure"];
  const problems = names.map((name) => {
    const isRight = validator(name);
    return isRight(printed) ? null : `${name}: ${ajv?.errorsText(isRight.errors)}`;
  });
  if (problems.includes(null)) return;
  throw new Error(
    `swarm ${args.join(" ").slice(0, 100)} --json printed what its schema does not know:\n${problems.join("\n")}\n${JSON.stringify(printed).slice(0, 2_000)}`,
  );
}

/** The same for what is handed on in another way: `name` in the schema. */
export function checkAgainst(name: string, printed: unknown): void {
  const isRight = validator(name);
  if (!isRight(printed)) throw new Error(`${name}: ${ajv?.errorsText(isRight.errors)}`);
}
