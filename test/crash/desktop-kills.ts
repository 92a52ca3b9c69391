/** A driver that is killed while it types into a page, and the next one of the same worker; the pages' server is the truth. */
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import { type Attempts, attemptsOn, type Made } from "../e2e/attempts.ts";
import { mortalDriver } from "./mortal-driver.ts";

const CLIPBOARD = "the person's clipboard";
const POINTER = { x: 1500, y: 950 };
/** An attempt takes more of them by far. */
const FEWEST = 30;
const BODY = "Run the tests.";

export interface DriverKills {
  readonly kills: number;
  readonly confirmed: number;
  readonly unknown: number;
  /** Nothing was submitted, and the next attempt was. */
  readonly again: number;
  readonly violations: readonly string[];
  /** Where composer, clipboard, pointer or window were not as before when the next attempt had ended. */
  readonly notPutBack: readonly string[];
}

/** Two windows: the agent's, and the one in which the person is. */
export function killStage(): Promise<Stage> {
  return startStage({ windows: [{ name: "Agent" }, { name: "Person" }] });
}

/** Messages that a driver sends in one attempt. */
export async function countMessages(stage: Stage): Promise<number> {
  await prepare(stage);
  const { messages } = await attempt(stage, null);
  if (messages < FEWEST) throw new Error(`only ${messages} messages were seen`);
  return messages;
}

/** Kills a driver before each of these messages. Ends after one that lived. */
export async function killDrivers(stage: Stage, points: Iterable<number>): Promise<DriverKills> {
  const found = {
    kills: 0,
    confirmed: 0,
    unknown: 0,
    again: 0,
    violations: [] as string[],
    notPutBack: [] as string[],
  };
  for (const nth of points) {
    await prepare(stage);
    const { made, messages, faults } = await attempt(stage, nth);
    if (messages < nth) break;
    found.kills += 1;
    const { kind } = made.outcome;
    if (kind === "confirmed" || kind === "unknown") found[kind] += 1;
    else found.again += 1;
    const at = (fault: string) => `killed before message ${nth}: ${fault}`;
    found.violations.push(...faults.map(at));
    found.notPutBack.push(...(await guestFaults(stage)).map(at));
  }
  return found;
}

async function prepare(stage: Stage): Promise<void> {
  await stage.pages.setText("Agent", "");
  stage.pages.forget();
  await stage.windows.activate(stage.windowOf("Person"));
  await stage.person.setClipboard(CLIPBOARD);
  await stage.person.movePointer(POINTER.x, POINTER.y);
}

async function attempt(stage: Stage, nth: number | null) {
  const driver = mortalDriver(nth);
  const attempts = attemptsOn(stage.desktop.display, INPUT_POINT, 0, driver.path);
  try {
    const made = await attempts.deliver(stage.titleOf("Agent"), BODY);
    const messages = driver.messages();
    const faults = nth === null || messages < nth ? [] : await faultsOf(stage, attempts, made);
    return { made, messages, faults };
  } finally {
    await attempts.close();
    driver.remove();
  }
}

/** Makes the next attempt, with the same message where it may be typed again, and looks at what came of both. */
async function faultsOf(stage: Stage, attempts: Attempts, made: Made): Promise<readonly string[]> {
  const count = () => stage.pages.submissions("Agent").filter(({ text }) => text === made.text).length;
  const { kind } = made.outcome;
  const isOver = kind === "confirmed" || kind === "unknown";
  const faults: string[] = [];
  const early = count();
  if (kind === "confirmed" ? early !== 1 : early > (kind === "unknown" ? 1 : 0))
    faults.push(`${kind}, and submitted ${early} times`);
  const again = isOver
    ? await attempts.deliver(stage.titleOf("Agent"), "the next one", { recentTexts: [made.text] })
    : await attempts.deliver(stage.titleOf("Agent"), "", { text: made.text, recentTexts: [made.text] });
  if (again.outcome.kind !== "confirmed") faults.push(`the next attempt: ${JSON.stringify(again.outcome)}`);
  const total = count();
  const wanted = kind === "unknown" ? [0, 1] : [1];
  if (!wanted.includes(total)) faults.push(`${kind}, and in the end submitted ${total} times`);
  if (stage.pages.submissions("Person").length > 0)
    faults.push("something was submitted to the person's page");
  return faults;
}

async function guestFaults(stage: Stage): Promise<readonly string[]> {
  const { text } = await stage.pages.state("Agent");
  const left = text === "" ? [] : [`left in the composer: ${text}`];
  try {
    await until("all is put back", async () => {
      const { x, y } = await stage.person.pointer();
      return (
        x === POINTER.x &&
        y === POINTER.y &&
        (await stage.person.clipboard()) === CLIPBOARD &&
        (await stage.windows.active()) === stage.windowOf("Person")
      );
    });
    return left;
  } catch {
    const pointer = JSON.stringify(await stage.person.pointer());
    return [...left, `clipboard ${JSON.stringify(await stage.person.clipboard())}, pointer ${pointer}`];
  }
}
