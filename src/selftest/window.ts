/** Part "window": small windows of the selftest's own on the user's desktop, and a desktop that is not kind to them. */
import { type Check, notTried, type Promised, promisesOf, tooLate } from "./check.ts";
import { concluded, type Evidence } from "./concluded.ts";
import type { Sent } from "./judge.ts";
import type { Stand } from "./stand.ts";
import { desktopFor } from "./window-desktop.ts";
import { Guest } from "./window-guest.ts";
import { AGENT, OTHER, openScene, type WindowScene } from "./window-scene.ts";

const promise = promisesOf("window");

const PROOF = promise("window_proof", "A message is in front of its window once, as it was sent");
const FOCUS = promise("window_stolen_focus", "Nothing goes to another window that takes the focus");
const CLIPBOARD = promise("window_overwritten_clipboard", "Nobody else's clipboard text is ever submitted");
const SWALLOWED = promise(
  "window_swallowed_enter",
  "An Enter that is swallowed is noticed and pressed again",
);
const DRAFT = promise("window_draft", "A half-typed draft is put back as it was");
const GUEST = promise("window_guest", "Clipboard, pointer and active window are put back");

export const WINDOW_PROMISES = [PROOF, FOCUS, CLIPBOARD, SWALLOWED, DRAFT, GUEST];

export interface WindowOptions {
  /** False: the user wants no window. */
  readonly isWanted: boolean;
  /** Tells the user that a window is about to open. */
  readonly announce: (text: string) => void;
  readonly onOpen: () => void;
  readonly done: (check: Check) => void;
}

export async function tryWindow(stand: Stand, options: WindowOptions): Promise<void> {
  const { announce, onOpen, done } = options;
  const found = await desktopFor(stand, options.isWanted);
  const skip = (...reasons: readonly string[]) => {
    for (const each of WINDOW_PROMISES) done(notTried(each, ...reasons));
  };
  if ("why" in found) return skip(...found.why);
  const { screen, clipboard, display } = found;
  const rich =
    clipboard.kind === "text" && clipboard.isRich
      ? " What is in the clipboard comes back as plain text."
      : "";
  announce(
    `two small windows open on display ${display} for about half a minute; leave keyboard and mouse alone meanwhile (--no-window leaves them out).${rich}`,
  );
  try {
    const scene = await openScene(stand, found);
    onOpen();
    try {
      await tryAll(scene, done);
    } finally {
      await scene.close();
    }
  } finally {
    screen.close();
  }
}

async function tryAll(scene: WindowScene, done: (check: Check) => void): Promise<void> {
  const guest = new Guest(scene);
  const attempts = [
    [PROOF, proof],
    [FOCUS, stolenFocus],
    [CLIPBOARD, overwrittenClipboard],
    [SWALLOWED, swallowedEnter],
    [DRAFT, draft],
  ] as const;
  let barred: Check | null = null;
  for (const [promised, attempt] of attempts) {
    // Who is at the desktop now most likely is a moment later.
    if (barred !== null) done({ ...barred, promised });
    else if (!scene.stand.isTimeLeft()) done(tooLate(promised));
    else {
      const check = await attempt(scene, guest);
      if (check.verdict === "not_tried" && check.deliveries.total === 0) barred = check;
      done(check);
    }
  }
  done(barred !== null && guest.isUnused ? { ...barred, promised: GUEST } : guest.check(GUEST));
}

/** On a machine that is busy each has its turn, if fewer rounds. In seconds since the start. */
const ROUNDS_BEFORE_S = { proof: 12, focus: 18, clipboard: 22, swallowed: 26, draft: 30 };

async function proof(scene: WindowScene, guest: Guest): Promise<Check> {
  const bodies = [
    (mark: string) => `hello ${mark}`,
    (mark: string) => `${mark}\nsecond line\n\n\tfourth, “quoted”`,
    (mark: string) => `Zoë 東京 👩🏽‍💻 e\u0301 ${mark}`,
    (mark: string) => `${mark} ${"many words ".repeat(100)}.`,
  ];
  const sent: Sent[] = [];
  for (const i of scene.stand.rounds(bodies.length, ROUNDS_BEFORE_S.proof)) {
    const mark = scene.stand.mark();
    sent.push(await guest.around(() => send(scene, mark, bodies[i]?.(mark))));
  }
  return conclude(scene, PROOF, "one after the other: lines, emoji, a long one", sent);
}

/** When the window has come to the front, at the first key, and when the text was pasted: a blind sender types on. */
const THEFTS: readonly (readonly string[])[] = [["focus", "paste"], ["key"], ["paste"]];

async function stolenFocus(scene: WindowScene): Promise<Check> {
  const { pages, screen, other } = scene;
  let thefts = 0;
  const sent: Sent[] = [];
  for (const i of scene.stand.rounds(THEFTS.length, ROUNDS_BEFORE_S.focus)) {
    const stop = onFirst(scene, THEFTS[i] ?? [], async () => {
      thefts += 1;
      await screen.activate(other);
    });
    sent.push(await send(scene, scene.stand.mark()));
    stop();
  }
  const fell = pages
    .told()
    .filter(({ page, what }) => page === OTHER && (what === "key" || what === "paste")).length;
  const held = await pages.order(OTHER, {});
  const wrongs = fell === 0 && held === "" ? [] : [`${fell} keys and pastes fell into the other window`];
  const missed = thefts > 0 ? "" : "the focus could not be taken away";
  const tried = `another window takes the focus ${thefts} times, before and after the paste`;
  return conclude(scene, FOCUS, tried, sent, {
    ...{ wrongs, missed, besides: `${fell} keys in the other window` },
  });
}

/** What was copied and went out of the clipboard again with the page's own copy, in the same moment, nobody can put back. */
async function overwrittenClipboard(scene: WindowScene): Promise<Check> {
  const { screen, clipboard, stand } = scene;
  const users = clipboard.kind === "text" ? clipboard.text : null;
  const copied: string[] = [];
  const sent: Sent[] = [];
  const wrongs: string[] = [];
  for (const _ of stand.rounds(3, ROUNDS_BEFORE_S.clipboard)) {
    const stop = onFirst(scene, ["focus", "key", "paste"], async () => {
      const text = `copied elsewhere meanwhile ${stand.mark()}`;
      copied.push(text);
      await screen.copy(text);
    });
    sent.push(await send(scene, stand.mark()));
    stop();
    const now = await screen.clipboard();
    const found = now.kind === "text" ? now.text : null;
    if (found !== users && !(found !== null && copied.includes(found)))
      wrongs.push("the clipboard was left with what nobody had copied");
  }
  await screen.copy(users);
  const missed = copied.length > 0 ? "" : "the clipboard could not be overwritten";
  const tried = `another program copies ${copied.length} times: before the look, at keys, at the paste`;
  return conclude(scene, CLIPBOARD, tried, sent, {
    wrongs,
    missed,
    besides: "no message left in the clipboard",
  });
}

async function swallowedEnter(scene: WindowScene, guest: Guest): Promise<Check> {
  const sent: Sent[] = [];
  for (const _ of scene.stand.rounds(2, ROUNDS_BEFORE_S.swallowed)) {
    await scene.pages.order(AGENT, { swallow: 1 });
    sent.push(await guest.around(() => send(scene, scene.stand.mark())));
  }
  const count = scene.pages.told().filter(({ what }) => what === "swallowed").length;
  const missed = count > 0 ? "" : "no Enter was swallowed";
  return conclude(scene, SWALLOWED, "a page that ignores the first Enter", sent, { missed });
}

async function draft(scene: WindowScene, guest: Guest): Promise<Check> {
  const text = "a draft of a person,\nnot finished";
  await scene.pages.order(AGENT, { draft: text });
  const sent: Sent[] = [];
  const wrongs: string[] = [];
  for (const _ of scene.stand.rounds(2, ROUNDS_BEFORE_S.draft)) {
    sent.push(await guest.around(() => send(scene, scene.stand.mark())));
    if ((await scene.pages.order(AGENT, {})) !== text) wrongs.push("the draft was not there as it had been");
  }
  const besides = wrongs.length === 0 ? "the draft, character for character" : "not the draft";
  return conclude(scene, DRAFT, "messages while a person's draft stands there", sent, { wrongs, besides });
}

async function send({ stand, toFront }: WindowScene, mark: string, body = `message ${mark}`): Promise<Sent> {
  await toFront();
  return await stand.send({ recipient: AGENT, mark, body });
}

/** Acts at the first of each of these that the agent's page tells. */
function onFirst({ pages }: WindowScene, moments: readonly string[], act: () => Promise<void>): () => void {
  const left = new Set(moments);
  return pages.onTold(async ({ page, what }) => {
    if (page === AGENT && left.delete(what)) await act();
  });
}

function conclude(
  { pages }: WindowScene,
  promised: Promised,
  tried: string,
  sent: readonly Sent[],
  more: Pick<Evidence, "wrongs" | "besides" | "missed"> = {},
): Check {
  const first = sent[0]?.mark ?? "";
  // All before belong to other lines of the table, and all of the other window's to none.
  const received = [AGENT, OTHER].flatMap((recipient) =>
    pages.submitted(recipient).map((text) => ({ recipient, text })),
  );
  const own = received.filter(({ text, recipient }) => recipient === OTHER || isSince(text, first));
  return concluded({ promised, tried, sent, received: own, recipient: "the window", ...more });
}

/** Marks are numbered in the order of their making. */
function isSince(text: string, first: string): boolean {
  const [run = "", number = "0"] = first.split("-");
  const found = new RegExp(`${run}-(\\d+)`).exec(text)?.[1];
  return found === undefined || Number(found) >= Number(number);
}
