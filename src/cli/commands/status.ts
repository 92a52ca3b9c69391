/** `swarm status [ID]` */
import { openOutbox } from "../../app/compose.ts";
import { holdOf } from "../../app/holds.ts";
import { type StatusReport, statusReport } from "../../app/status-report.ts";
import type { Config } from "../../config/config.ts";
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { messageWithId } from "../../library/find-message.ts";
import { messageDetails } from "../../library/message-json.ts";
import { statusJson } from "../../library/status-json.ts";
import { type Action, type Define, isGiven } from "../command.ts";
import { messageView } from "../message-view.ts";
import { isTerminal, terminalHeight, terminalWidth, writeOut } from "../output.ts";
import type { Session } from "../session.ts";
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

/** Messages of each kind: enough for one screen, and cheap. On a low one there are fewer. */
const SHOWN = 5;
const SHOWN_LOW = 2;
const LOW_ROWS = 32;
/** For scripts. */
const LISTED = 20;

const status: Action = async (session, given) => {
  const [id] = given.args;
  const isWatching = isGiven(given, "watch");
  const isChecking = isGiven(given, "check");
  if (isWatching && isChecking)
    throw usageError("--watch and --check exclude each other", "give one of them");
  const { config } = session.workspace();
  if (isGiven(given, "prometheus")) return showFigures(session);
  if (isChecking) return check(session, await reportOf(session), config);
  const look = id === undefined ? () => lookAtAll(session) : () => lookAtOne(session, id, config);
  if (isWatching) return watch(session, config, look);
  const { json, text } = await look();
  session.json(json);
  if (!session.flags.json) session.show(await text(null));
  return EXIT.done;
};

/**
 * What was read, for scripts and for people; `text` may be asked for again, as ages grow and terminals change. `rows`: of the
 * screen that must hold all of it, or null.
 */
interface Looked {
  readonly json: object;
  readonly text: (rows: number | null) => Promise<string>;
}

async function lookAtOne(session: Session, id: string, config: Config): Promise<Looked> {
  const stored = messageWithId(id, openOutbox(config), config);
  const transport = config.agents.get(stored.message.recipient)?.transport ?? null;
  return {
    json: messageDetails(stored, config),
    async text(rows) {
      const hold = await holdOf(stored, config);
      const paint = await session.paint();
      return messageView(stored, transport, hold, { columns: terminalWidth(), rows, now: Date.now(), paint });
    },
  };
}

async function lookAtAll(session: Session): Promise<Looked> {
  const { config } = session.workspace();
  const report = await reportOf(session);
  return {
    json: statusJson(report, config),
    async text() {
      const screen = { columns: terminalWidth(), rows: terminalHeight() };
      return statusView({ ...report, asOf: Date.now() }, config.root, screen, await session.paint());
    },
  };
}

function reportOf(session: Session): Promise<StatusReport> {
  const { config } = session.workspace();
  const limit = session.flags.json ? LISTED : terminalHeight() < LOW_ROWS ? SHOWN_LOW : SHOWN;
  return statusReport({ config, env: session.env, limit });
}

/** Each change as an object of its own for scripts; for people on a screen of its own where there is a terminal. */
async function watch(session: Session, { root }: Config, look: () => Promise<Looked>): Promise<ExitCode> {
  const { watchQueue } = await import("../../app/watch-files.ts");
  const { LiveScreen } = await import("../live-screen.ts");
  const screen =
    isTerminal("stdout") && !session.flags.json && !session.flags.quiet ? new LiveScreen() : null;
  let looked: Looked | null = null;
  try {
    return await watchQueue(root, async (isChanged): Promise<ExitCode> => {
      if (isChanged || looked === null) {
        looked = await look();
        session.json(looked.json);
        if (screen === null && !session.flags.json) session.show(await looked.text(null));
      }
      screen?.draw(await looked.text(terminalHeight()));
      return EXIT.done;
    });
  } finally {
    screen?.end();
  }
}

/** For a textfile collector, or whoever serves it. */
async function showFigures(session: Session): Promise<ExitCode> {
  const { config } = session.workspace();
  const { prometheusText } = await import("../prometheus.ts");
  writeOut(await prometheusText(await statusReport({ config, env: session.env, limit: 0 })));
  return EXIT.done;
}

function check(session: Session, report: StatusReport, config: Config): ExitCode {
  const { alerts } = report;
  session.json(statusJson(report, config));
  for (const { code, message } of alerts) session.say(`${code}: ${message}`);
  if (alerts.length === 0) session.say("no alert fires");
  return alerts.length === 0 ? EXIT.done : EXIT.alert;
}
