/**
 * The blind sequence under the same sabotage, for the comparison: raise the window by its title, click, select all, paste
 * by clipboard, Enter, with the usual sleeps in between and without a look.
 */
import { setTimeout as delay } from "node:timers/promises";
import { openHand } from "../../bench/hand.ts";
import { seededRandom } from "../e2e/desktop-agents.ts";
import { pick } from "./plan.ts";
import { type Company, startSaboteurs } from "./saboteurs.ts";
import { AGENTS, layDrafts, openScene, PERSON, type Scene, textsIn } from "./scene.ts";

/** What became of messages that nobody watched; a message may count more than once. */
export interface BlindFigures {
  sent: number;
  right: number;
  lost: number;
  twice: number;
  misrouted: number;
  /** Submitted with other text, of a draft, of the clipboard or of the person. */
  fused: number;
  "drafts lost": number;
}

/** After the window was asked to come to the front, in milliseconds. */
const RAISE_MS = 200;
/** A message that was not submitted by then is not, in milliseconds. */
const LATE_MS = 2_500;

export async function sendBlindly(
  count: number,
  seed: number,
  gapsMs: Company["gapsMs"],
): Promise<BlindFigures> {
  const scene = await openScene();
  const { stage, workspace } = scene;
  const figures = { sent: 0, right: 0, lost: 0, twice: 0, misrouted: 0, fused: 0, "drafts lost": 0 };
  const company = { stage, agents: AGENTS, person: PERSON, root: workspace.root, seed, gapsMs };
  const saboteurs = await startSaboteurs(company);
  const hand = await openHand(stage.desktop.display);
  try {
    const random = seededRandom(seed);
    for (let i = 0; i < count; i++) {
      const drafts = await layDrafts(scene, i);
      const to = pick(random, AGENTS);
      const text = `[#blind-${i} from tester] please rebase\nand run the tests`;
      saboteurs.resume();
      await delay(random() * 1_000); // the moment, not a wait for something
      await stage.windows.activate(stage.windowOf(to)).catch(() => undefined);
      await delay(RAISE_MS);
      await hand.typeBlindlyAt(await stage.composerAt(to), text).catch(() => undefined);
      await saboteurs.pause();
      await delay(LATE_MS);
      tally(figures, scene, to, text);
      const now = await textsIn(scene);
      figures["drafts lost"] += [...drafts].filter(([name, draft]) => now.get(name) !== draft).length;
      stage.pages.forget();
    }
    return figures;
  } finally {
    hand.close();
    await saboteurs.stop();
    await scene.stop();
  }
}

function tally(figures: BlindFigures, { stage }: Scene, to: string, text: string): void {
  const plain = (submitted: string) => submitted.replace(/\n+/g, "\n").trim();
  const places = stage.pages.submissions();
  const own = places.filter((place) => place.page === to && plain(place.text) === text);
  figures.sent += 1;
  if (places.length === 1 && own.length === 1) figures.right += 1;
  if (own.length > 1) figures.twice += 1;
  if (places.some(({ page }) => page !== to)) figures.misrouted += 1;
  if (places.some((place) => place.page === to && plain(place.text) !== text)) figures.fused += 1;
  if (places.length === 0) figures.lost += 1;
}
