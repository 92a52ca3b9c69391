/** `swarm doctor` */
import { type Check, checkNode, checkWorkspace } from "../../app/doctor.ts";
import { describeProblem } from "../../config/problem.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Action, Define } from "../command.ts";
import { failureOf } from "../failure.ts";
import { oneLine, type Paint, table } from "../render.ts";
import type { Session } from "../session.ts";

export const defineDoctor: Define = (definition, run) => {
  definition
    .addHelpText(
      "after",
      "\nTypes nothing. Exits with 1 when something does not work.\n\nExample:\n  swarm doctor",
    )
    .action(run(doctor));
};

const doctor: Action = async (session) => {
  const checks = [checkNode(process.versions.node), ...(await checkRest(session))];
  const problems = checks.filter(({ isOk }) => !isOk);
  session.json({
    ok: problems.length === 0,
    checks: checks.map(({ name, isOk, detail, remedy }) => ({ name, ok: isOk, detail, remedy })),
  });
  const paint = await session.paint();
  session.show(table(checks.flatMap((check) => rowsOf(check, paint))));
  return problems.length === 0 ? EXIT.done : EXIT.failed;
};

/** A workspace that is missing or wrong is a finding too. */
async function checkRest(session: Session): Promise<readonly Check[]> {
  try {
    const { config } = session.workspace();
    const found: Check[] = [
      { name: "workspace", isOk: true, detail: config.root, remedy: "" },
      { name: "configuration", isOk: true, detail: config.file ?? "no swarm.json: the defaults", remedy: "" },
    ];
    return [...found, ...(await checkWorkspace(config, session.env))];
  } catch (thrown) {
    const { exitCode, message, hint, problems } = failureOf(thrown);
    if (exitCode !== EXIT.usage) throw thrown;
    return (
      problems?.map((problem) => finding("configuration", describeProblem(problem), hint)) ?? [
        finding("workspace", message, hint),
      ]
    );
  }
}

function finding(name: string, detail: string, remedy: string): Check {
  return { name, isOk: false, detail, remedy };
}

function rowsOf({ name, isOk, detail, remedy }: Check, paint: Paint) {
  const verdict = isOk ? { text: "ok", paint: paint.good } : { text: "problem", paint: paint.bad };
  const row = [verdict, name, oneLine(detail)];
  return isOk ? [row] : [row, ["", "", { text: oneLine(remedy), paint: paint.strong }]];
}
