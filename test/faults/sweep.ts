/** Lets a command meet one fault after another, each in a run of its own, until a run ends without having met any. */
import { CALLS, type Fault, type Run, runTraced } from "./strace.ts";

export interface Sweep {
  /** Makes what a run needs, and gives its workspace and arguments. The same for each run. */
  readonly prepare: () => Promise<Case> | Case;
  /** What the calls answer, in turn: `error=EIO`. `retval=0` (no byte was taken) is asked of writes only. */
  readonly answers: readonly string[];
  /** Runs side by side. */
  readonly parallel: number;
}

export interface Case {
  readonly root: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Looks at what the run has left; throws where that is wrong. Cleans up. */
  readonly check: (run: Run) => Promise<void> | void;
}

/** Runs after the last call that was seen without a fault, before a sweep must have ended: faults make new calls. */
const MOST_BEYOND = 60;

/** Gives the number of runs that met a fault in a file of the workspace. */
export async function sweep({ prepare, answers, parallel }: Sweep): Promise<number> {
  const { nths } = await runCase(await prepare(), null);
  let met = 0;
  const series = CALLS.flatMap((call) => {
    const asked = answers.filter((answer) => call === "write" || !answer.startsWith("retval"));
    return asked.map((answer) => ({ call, answer, nths: nths.get(call) ?? [] }));
  });
  for (const { call, answer, nths: seen } of series) {
    if (seen.length === 0) continue;
    const beyond = (seen.at(-1) ?? 0) + 1;
    met += await inParallel(parallel, seen, async (nth) => isMet(await prepare(), { call, answer, nth }));
    for (let nth = beyond; await isMet(await prepare(), { call, answer, nth }); nth += 1) {
      if (nth > beyond + MOST_BEYOND) throw new Error(`${call} is called without end after a fault`);
      met += 1;
    }
  }
  return met;
}

/** One run; true when a call was made to fail. */
async function isMet(one: Case, fault: Fault): Promise<boolean> {
  const { hit } = await runCase(one, fault);
  return hit !== null;
}

async function runCase(one: Case, fault: Fault | null): Promise<Run> {
  const run = await runTraced(one.root, one.args, fault, one.env);
  try {
    await one.check(run);
  } catch (cause) {
    const { code, stdout, stderr, hit } = run;
    const told = `exit ${code}\n${stdout}${stderr}`;
    throw new Error(`${fault?.answer ?? "no fault"} at ${fault?.nth} ${fault?.call}: ${hit}\n${told}`, {
      cause,
    });
  }
  return run;
}

/** How many answered true. */
async function inParallel<T>(
  parallel: number,
  all: readonly T[],
  work: (one: T) => Promise<boolean>,
): Promise<number> {
  const rest = [...all];
  let count = 0;
  const lane = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) if (await work(one)) count += 1;
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return count;
}
