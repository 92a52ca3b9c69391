/** `swarm explain AGENT|CODE` */
import { errorCodes, errorPage } from "../../app/error-pages.ts";
import { type Explanation, explainAgent } from "../../app/explain-agent.ts";
import { EXIT, type ExitCode, needsPerson, SwarmError } from "../../domain/errors.ts";
import { iso } from "../../library/message-json.ts";
import { agentNamed } from "../../library/recipients.ts";
import { nearest } from "../../support/nearest.ts";
import type { Action, Define } from "../command.ts";
import { terminalWidth } from "../output.ts";
import { counted, factLine, length, oneLine, type Paint, wrapped } from "../render.ts";
import type { Session } from "../session.ts";

export const defineExplain: Define = (definition, run) => {
  definition
    .argument("<name>", "an agent, or an error code")
    .addHelpText("after", EXAMPLES)
    .action(run(explain));
};

const EXAMPLES = `
Types nothing. Exits with 0 when a message could be delivered now, with 5 when a
person is needed first, else with 1.

Examples:
  swarm explain Agent-2
  swarm explain window_not_found`;

const explain: Action = async (session, { args: [name = ""] }) => {
  const page = errorPage(name);
  if (page !== null) return explainCode(session, name, page);
  const { config } = session.workspace();
  if (!config.agents.has(name)) checkForCode(name, [...config.agents.keys()]);
  const explanation = await explainAgent(agentNamed(name, config), config, session.env);
  session.json(explanationJson(explanation));
  session.show(explanationView(explanation, terminalWidth(), await session.paint()));
  const { obstacles, pause } = explanation;
  if (obstacles.length === 0 && pause === null) return EXIT.done;
  return obstacles.some(({ code }) => needsPerson(code)) ? EXIT.personNeeded : EXIT.failed;
};

/** Throws SwarmError (3) where a code was meant. */
function checkForCode(name: string, agents: readonly string[]): void {
  const codes = errorCodes();
  const meant = nearest(name, [...agents, ...codes]);
  if (meant === null || !codes.includes(meant)) return;
  throw new SwarmError(
    EXIT.unknownName,
    `there is no error code ${JSON.stringify(name)}, and no agent of that name`,
    `did you mean ${meant}? docs/errors.md has all codes`,
  );
}

async function explainCode(session: Session, code: string, text: string): Promise<ExitCode> {
  session.json({ code, text });
  const { strong } = await session.paint();
  session.show(`${strong(code)}\n${wrapped(text, Math.min(100, terminalWidth()), "", "")}\n`);
  return EXIT.done;
}

function explanationView(
  { agent, facts, obstacles, pause, counts, delays }: Explanation,
  columns: number,
  paint: Paint,
): string {
  const due = counts.queued - counts.scheduled;
  const queue = [
    ...(counts.delivering > 0 ? [`${counts.delivering} on the way`] : []),
    ...(due > 0 ? [`${counted(due, "message")} before it`] : []),
    ...(counts.scheduled > 0 ? [`${counts.scheduled} for later`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.unconfirmed > 0 ? [`${counts.unconfirmed} unconfirmed`] : []),
  ];
  const steps = [...delays].map(([step, { medianMs }]) => `${step} ${length(medianMs)}`);
  const lines = [
    ...facts,
    ["queue", queue.length === 0 ? "nothing waits" : queue.join(", ")] as const,
    ...(steps.length === 0 ? [] : [["usual delays", steps.join(", ")] as const]),
  ].map(([name, value]) => factLine([name, oneLine(value)], columns, paint));
  const paused =
    pause === null
      ? ""
      : `${paint.warn(`paused${pause.by === "" ? "" : ` by ${oneLine(pause.by)}`}; go on with: swarm resume`)}\n`;
  const verdict =
    obstacles.length === 0
      ? paused || `${paint.good("a message could be delivered now")}\n`
      : obstacles
          .map(({ code, message, hint }) =>
            [
              paint.bad(wrapped(oneLine(`${code}: ${message}`), columns, "", "  ")),
              wrapped(oneLine(hint), columns, "  hint: ", "        "),
              "",
            ].join("\n"),
          )
          .join("") + paused;
  return `${paint.strong(agent.name)} by ${agent.transport}\n${lines.join("")}${verdict}`;
}

function explanationJson({ agent, facts, obstacles, pause, counts, delays }: Explanation) {
  return {
    agent: agent.name,
    transport: agent.transport,
    ready: obstacles.length === 0 && pause === null,
    paused: pause === null ? null : { by: pause.by, since: iso(pause.since) },
    obstacles,
    facts: Object.fromEntries(facts.map(([name, value]) => [name.replaceAll(" ", "_"), value])),
    ...counts,
    delays: Object.fromEntries(
      [...delays].map(([step, { medianMs, p95Ms }]) => [step, { median_ms: medianMs, p95_ms: p95Ms }]),
    ),
  };
}
