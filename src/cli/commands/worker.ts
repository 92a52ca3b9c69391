/** `swarm worker` */
import { serve } from "../../app/serve.ts";
import { EXIT, SwarmError } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { type Action, type Define, isGiven } from "../command.ts";

export const defineWorker: Define = (definition, run) => {
  definition
    .option("--drain", "end when nothing waits any more")
    .option("--background", "end after 60 s without work, and say nothing (as send starts it)")
    .addHelpText("after", EXAMPLES)
    .action(run(worker));
};

const EXAMPLES = `
There is one worker per workspace. Where one runs already, this one waits and
takes over when it ends. Ctrl+C or SIGTERM ends it at a safe point.

Examples:
  swarm worker
  swarm worker --drain`;

const worker: Action = async (session, given) => {
  const [isDrain, isBackground] = [isGiven(given, "drain"), isGiven(given, "background")];
  if (isDrain && isBackground)
    throw usageError("--drain and --background exclude each other", "give one of them");
  const { config } = session.workspace();
  const stop = new AbortController();
  // Each signal only asks; a second one ends the process as usual.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const tell = (text: string) => void (isBackground || session.note(text));
  tell(`worker ${process.pid} delivers in ${config.root}`);
  const mode = isDrain ? "drain" : isBackground ? "background" : "service";
  const end = await serve({ config, env: session.env, mode, stop: stop.signal }, () =>
    tell(
      isDrain
        ? "another worker runs; waiting until it has delivered everything"
        : "another worker runs; waiting for its end to take over",
    ),
  );
  if (end === "workspace_gone") {
    throw new SwarmError(
      EXIT.failed,
      `the workspace ${config.root} was removed`,
      "start a worker in another one",
    );
  }
  session.json({ ended: end });
  tell(end === "idle" ? "nothing waits any more" : "ended");
  return EXIT.done;
};
