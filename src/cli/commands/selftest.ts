/** `swarm selftest` */
import { dirname, join } from "node:path";
import { swarmPath } from "../../app/swarm-path.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Action, Define } from "../command.ts";
import { terminalWidth } from "../output.ts";
import { Progress } from "../progress.ts";
import { length } from "../render.ts";
import { selftestJson, selftestView } from "../selftest-view.ts";
import type { Session } from "../session.ts";

export const defineSelftest: Define = (definition, run) => {
  definition
    .option("--no-window", "open no window, and try inbox and terminal only")
    .addHelpText("after", EXAMPLES)
    .action(run(selftest));
};

const EXAMPLES = `
Sends messages to agents of its own that have the faults of real ones (a killed
worker, a swallowed Enter, a dialog in front, a shell in the pane, a stolen
focus, an overwritten clipboard), and holds what swarm said of them against the
agents' own logs. Takes about half a minute. It needs no workspace, makes one in
a temporary folder, and removes everything at the end, also after Ctrl+C.
Exits with 0 when all that could be tried here held, else with 1.

Examples:
  swarm selftest
  swarm selftest --no-window --json`;

const selftest: Action = async (session, { options }) => {
  const { CHECKS, runSelftest } = await import("../../selftest/selftest.ts");
  const stop = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const progress = progressOf(session, CHECKS);
  const onSignal = () => {
    if (!stop.signal.aborted) progress.told.announce("interrupted; putting everything back");
    stop.abort(new Interrupted());
  };
  for (const signal of signals) process.on(signal, onSignal);
  const dist = dirname(swarmPath());
  try {
    const report = await runSelftest({
      swarmPath: join(dist, "..", "bin", "swarm.js"),
      agentPath: join(dist, "fake-agent.cjs"),
      janitorPath: join(dist, "janitor.cjs"),
      env: session.env,
      hasWindow: options["window"] !== false,
      signal: stop.signal,
      ...progress.told,
    });
    progress.end();
    session.json(selftestJson(report));
    session.show(selftestView(report, terminalWidth(), await session.paint()));
    const broken = report.checks.filter(({ verdict }) => verdict === "did_not_hold");
    if (session.flags.quiet)
      for (const { promised, reasons } of broken)
        session.warn(`did not hold: ${promised.text}: ${reasons.join("; ")}`);
    return broken.length === 0 ? EXIT.done : EXIT.failed;
  } catch (thrown) {
    progress.end();
    if (!stop.signal.aborted) throw thrown;
    session.warn("everything is back, and what the selftest had made is removed");
    return EXIT.interrupted;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
};

class Interrupted extends Error {
  override readonly name = "Interrupted";
}

function progressOf(session: Session, total: number) {
  let ended = 0;
  const startedAt = performance.now();
  let line: Progress | null = null;
  const draw = () => {
    line = new Progress(session.isAnimated(), () => {
      const took = length(Math.floor((performance.now() - startedAt) / 1000) * 1000);
      return `selftest: ${ended} of ${total} promises tried, ${took}`;
    });
  };
  draw();
  return {
    end: () => line?.end(),
    told: {
      announce(text: string) {
        line?.end();
        session.warn(text);
        draw();
      },
      onCheck: () => {
        ended += 1;
      },
    },
  };
}
