/** A verified delivery to a real window, against hands that type without looking. */
import { spawnSync } from "node:child_process";
import { INPUT_POINT } from "../../test/desktop-fixture/pages.ts";
import { type Stage, startStage } from "../../test/desktop-fixture/stage.ts";
import { type Hand, openHand } from "../hand.ts";
import { inTurn, type Row, type Samples } from "../row.ts";
import { type Bench, openBench, SWARM, sleep, startWorker } from "../workshop.ts";

const WINDOWS = [{ name: "Plain" }, { name: "Rich", composer: "lexical" }, { name: "Person" }] as const;
const NAMES = ["Plain", "Rich"] as const;
/** The worker takes the hand's keys for a person's, and waits for a pause; the hand has the same. In milliseconds. */
const PERSON_PAUSE_MS = 1_100;
const TYPING_LIMIT = 10;
const SUBMITTED_MS = 3_000;

interface Scene {
  readonly stage: Stage;
  readonly bench: Bench;
  readonly hand: Hand;
}

async function onStage(measure: (scene: Scene) => Promise<Samples>): Promise<Samples> {
  const stage = await startStage({ windows: WINDOWS });
  const bench = openBench({ config: configOf(stage), env: stage.desktop.env });
  const worker = await startWorker(bench);
  const hand = await openHand(stage.desktop.display);
  try {
    return await measure({ stage, bench, hand });
  } finally {
    hand.close();
    await worker.stop();
    bench.remove();
    await stage.stop();
  }
}

function configOf(stage: Stage): object {
  const agents = NAMES.map((name) => [
    name,
    { transport: "desktop", profile: "chat", window: { title: stage.titleOf(name) }, input: INPUT_POINT },
  ]);
  return { agents: Object.fromEntries(agents) };
}

let count = 0;

/** From the durable accept to `delivered`, in milliseconds, as swarm says; the page's server is asked whether it is so. */
async function delivered({ stage, bench }: Scene): Promise<number> {
  const { name, body } = await next(stage);
  const { stdout, stderr } = spawnSync(process.execPath, [SWARM, "send", name, body, "--json"], {
    cwd: bench.root,
    env: bench.env,
    encoding: "utf8",
  });
  await expectSubmitted(stage, name, body);
  const { status, delivery_ms } = JSON.parse(stdout) as { status: string; delivery_ms: number };
  if (status !== "delivered") throw new Error(`${status}: ${stdout}${stderr}`);
  return delivery_ms;
}

/** Hands that do not look go wrong now and then (keys before the window has the focus): that is counted, and done again. */
function typing(stage: Stage, type: Hand["typeAt"]) {
  let wrong = 0;
  return {
    wrong: () => wrong,
    async once(): Promise<number> {
      for (;;) {
        const { name, body } = await next(stage);
        try {
          const ms = await type(await stage.composerAt(name), body);
          await expectSubmitted(stage, name, body);
          return ms;
        } catch (cause) {
          if (++wrong > TYPING_LIMIT) throw cause;
          for (const window of WINDOWS) await stage.pages.setText(window.name, "");
        }
      }
    },
  };
}

async function againstTyping(
  { stage, bench, hand }: Scene,
  rounds: number,
  kind: "typeAt" | "typeBlindlyAt",
): Promise<Samples> {
  const typed = typing(stage, hand[kind]);
  const samples = await inTurn(rounds, () => delivered({ stage, bench, hand }), typed.once);
  return { ...samples, otherWrong: typed.wrong() };
}

async function next(stage: Stage): Promise<{ readonly name: string; readonly body: string }> {
  count += 1;
  stage.pages.forget();
  await stage.windows.activate(stage.windowOf("Person"));
  await sleep(PERSON_PAUSE_MS);
  const name = NAMES[Math.floor(count / 2) % NAMES.length] ?? NAMES[0];
  return { name, body: `message ${count}: please rebase\nand run the tests` };
}

async function expectSubmitted(stage: Stage, name: string, body: string): Promise<void> {
  const [submission] = await stage.pages.waitForSubmissions(name, 1, SUBMITTED_MS);
  const isRight =
    submission?.text.replace(/\n+/g, "\n").includes(body) && stage.pages.submissions().length === 1;
  if (!isRight) throw new Error(`${name} received ${JSON.stringify(stage.pages.submissions())}`);
}

export const desktopRows: readonly Row[] = [
  {
    name: "desktop",
    work: "verified desktop delivery, worker warm",
    against: "the bare hand sequence: click, copy, paste, one read-back, Enter, without any check",
    unit: "ms",
    limit: 4,
    aim: 2,
    measure: (rounds) => onStage((scene) => againstTyping(scene, rounds * 2, "typeAt")),
  },
  {
    name: "desktop-blind",
    work: "verified desktop delivery, worker warm",
    against: "the blind sequence with the usual sleeps (0.2, 0.5, 0.2, 0.3, 0.5, 0.5 s)",
    unit: "ms",
    limit: 1 / 10,
    aim: 1 / 20,
    measure: (rounds) => onStage((scene) => againstTyping(scene, rounds, "typeBlindlyAt")),
  },
];
