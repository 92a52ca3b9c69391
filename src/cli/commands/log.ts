/** `swarm log` */
import { type LogEntry, LogReader } from "../../app/log-reader.ts";
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { agentNamed } from "../../library/recipients.ts";
import { type Action, type Define, isGiven, textOption } from "../command.ts";
import { logJson, logView } from "../log-view.ts";
import { terminalWidth } from "../output.ts";
import type { Session } from "../session.ts";

export const defineLog: Define = (definition, run) => {
  definition
    .option("--follow", "go on with what happens, until Ctrl+C")
    .option("--agent <name>", "only what concerns one agent")
    .option("--last <count>", "how many events to begin with", "50")
    .addHelpText("after", EXAMPLES)
    .action(run(log));
};

const EXAMPLES = `
With --follow, --json prints an object per event and line.

Examples:
  swarm log --follow
  swarm log --agent Agent-2 --last 10
  swarm log --json --follow | jq 'select(.event == "failed")'`;

const log: Action = async (session, given) => {
  const { config } = session.workspace();
  const last = countOption(textOption(given, "last") ?? "");
  const name = textOption(given, "agent");
  const agent = name === undefined ? null : agentNamed(name, config).name;
  const isWanted = ({ fields }: LogEntry) => agent === null || fields["recipient"] === agent;
  const reader = new LogReader(config.root);
  const all = reader.readNew().filter(isWanted);
  const known = all.slice(Math.max(0, all.length - last));
  const isFollowing = isGiven(given, "follow");
  await tell(session, known, isFollowing);
  if (!isFollowing) {
    if (known.length === 0) session.note(`nothing is in the log${agent === null ? "" : ` of ${agent}`} yet`);
    return EXIT.done;
  }
  const { watchRuntime } = await import("../../app/watch-files.ts");
  return watchRuntime(config.root, async (isChanged): Promise<ExitCode> => {
    if (isChanged) await tell(session, reader.readNew().filter(isWanted), true);
    return EXIT.done;
  });
};

async function tell(session: Session, entries: readonly LogEntry[], isFollowing: boolean): Promise<void> {
  if (isFollowing) for (const entry of entries) session.json(logJson(entry));
  else session.json({ events: entries.map(logJson) });
  if (entries.length > 0) session.show(logView(entries, terminalWidth(), await session.paint()));
}

function countOption(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usageError(`--last is no count: ${JSON.stringify(text)}`, "give a whole number, such as 50");
}
