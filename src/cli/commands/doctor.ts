/** `swarm doctor` */
import { type Check, checkNode, checkWorkspace } from "../../app/doctor.ts";
import { mend } from "../../app/mend.ts";
import type { Config } from "../../config/config.ts";
import { describeProblem } from "../../config/problem.ts";
import { EXIT } from "../../domain/errors.ts";
import { failureOf } from "../../library/failure.ts";
import { type Action, type Define, isGiven } from "../command.ts";
import { oneLine, type Paint, table } from "../render.ts";
import type { Session } from "../session.ts";

export const defineDoctor: Define = (definition, run) => {
  definition
    .option("--fix", "first mend what can be mended without risk")
    .addHelpText("after", EXAMPLES)
    .action(run(doctor));
};

const EXAMPLES = `
Types nothing. Exits with 1 when something does not work.
--fix makes missing folders, closes files to other users, removes what dead
processes left, and starts a worker where messages wait without one.

Examples:
  swarm doctor
  swarm doctor --fix`;

const doctor: Action = async (session, given) => {
  const mended = isGiven(given, "fix") ? await mendAll(session) : null;
  const checks = [checkNode(process.versions.node), ...(await checkRest(session))];
  const problems = checks.filter(({ isOk }) => !isOk);
  session.json({
    ...(mended && { mended }),
    ok: problems.length === 0,
    checks: checks.map(({ name, isOk, detail, remedy }) => ({ name, ok: isOk, detail, remedy })),
  });
  const paint = await session.paint();
  session.show(table(checks.flatMap((check) => rowsOf(check, paint))));
  return problems.length === 0 ? EXIT.done : EXIT.failed;
};

/** Where there is no workspace there is nothing to mend: the checks say so. */
async function mendAll(session: Session): Promise<readonly string[]> {
  const config = configOf(session);
  if (config === null) return [];
  const { done, problems } = await mend(config);
  for (const line of done) session.say(line);
  for (const problem of problems) session.warn(`not all could be mended: ${problem}`);
  if (done.length === 0 && problems.length === 0) session.note("there was nothing to mend");
  return done;
}

function configOf(session: Session): Config | null {
  try {
    return session.workspace().config;
  } catch (thrown) {
    if (failureOf(thrown).exitCode !== EXIT.usage) throw thrown;
    return null;
  }
}

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
