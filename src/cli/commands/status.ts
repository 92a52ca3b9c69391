/** `swarm status [ID]` */
import { openOutbox } from "../../app/compose.ts";
import { type StatusReport, statusReport } from "../../app/status-report.ts";
import type { Config } from "../../config/config.ts";
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { type Action, type Define, isGiven } from "../command.ts";
import { usageError } from "../failure.ts";
import { messageWithId } from "../find-message.ts";
import { messageDetails } from "../message-json.ts";
import { messageView } from "../message-view.ts";
import { isTerminal, terminalWidth, writeOut } from "../output.ts";
import type { Session } from "../session.ts";
import { statusJson } from "../status-json.ts";
import { statusView } from "../status-view.ts";

export const defineStatus: Define = (definition, run) => {
  definition
    .argument("[id]", "a message")
    .option("--watch", "show it again with every change, until Ctrl+C")
    .option("--check", "for monitors: print alerts only; exit with 7 when one fires")
    .option("--prometheus", "print figures as text for Prometheus")
    .addHelpText("after", EXAMPLES)
    .action(run(status));
};

const EXAMPLES = `
Examples:
  swarm status --watch
  swarm status msg_20260131_120000_0a1b2c3d
  swarm status --json | jq .counts
  swarm status --check || notify-send "swarm needs you"`;

/** Messages of each kind: enough for one screen, and cheap. */
const SHOWN = 5;
/** For scripts. */
const LISTED = 20;

const status: Action = async (session, given) => {
  const [id] = given.args;
  const isWatching = isGiven(given, "watch");
  const isChecking = isGiven(given, "check");
  if (isWatching && isChecking)
    throw usageError("--watch and --check exclude each other", "give one of them");
  const { config } = session.workspace();
  const show = id === undefined ? () => showAll(session, isChecking) : () => showOne(session, id, config);
  if (isGiven(given, "prometheus")) return showFigures(session);
  if (!isWatching) return show();
  const { watchQueue } = await import("../../app/watch-files.ts");
  const redraw = () => {
    if (isTerminal("stdout") && !session.flags.json) writeOut("\u001b[H\u001b[2J\u001b[3J");
    return show();
  };
  return watchQueue(config.root, redraw);
};

async function showOne(session: Session, id: string, config: Config): Promise<ExitCode> {
  const stored = messageWithId(id, openOutbox(config), config);
  const transport = config.agents.get(stored.message.recipient)?.transport ?? null;
  session.show(messageView(stored, transport, terminalWidth(), await session.paint()));
  session.json(messageDetails(stored, config));
  return EXIT.done;
}

async function showAll(session: Session, isChecking: boolean): Promise<ExitCode> {
  const { config } = session.workspace();
  const limit = session.flags.json ? LISTED : SHOWN;
  const report = await statusReport({ config, env: session.env, limit });
  session.json(statusJson(report, config));
  if (!isChecking) {
    session.show(statusView(report, config.root, terminalWidth(), await session.paint()));
    return EXIT.done;
  }
  return check(session, report);
}

/** For a textfile collector, or whoever serves it. */
async function showFigures(session: Session): Promise<ExitCode> {
  const { config } = session.workspace();
  const { prometheusText } = await import("../prometheus.ts");
  writeOut(await prometheusText(await statusReport({ config, env: session.env, limit: 0 })));
  return EXIT.done;
}

function check(session: Session, { alerts }: StatusReport): ExitCode {
  for (const { code, message } of alerts) session.say(`${code}: ${message}`);
  if (alerts.length === 0) session.say("no alert fires");
  return alerts.length === 0 ? EXIT.done : EXIT.alert;
}
