/** What must hold of every simulated day, whatever happened on it. */
import type { StoredMessage } from "../../src/ports/store.ts";
import type { World } from "./world.ts";

/** What programs and the person put into the clipboard. */
const COPIED = /the person's clipboard|copied at [\d.]+/g;

/** In words, one per violation. */
export function violationsOf(world: World): readonly string[] {
  const stored = new Set(world.messages().map(({ message }) => message.id));
  return [
    ...world.accepted.filter((id) => !stored.has(id)).map((id) => `${id} was accepted and is nowhere`),
    ...world.messages().flatMap((stored) => ofMessage(world, stored)),
    ...ofSubmissions(world),
    ...ofOrder(world),
    ...ofWhatWasFound(world),
  ];
}

function ofMessage(world: World, stored: StoredMessage): readonly string[] {
  const { message, state } = stored;
  const texts = world.textsOf(stored);
  const places = world.submissions.filter((each) => each.text.includes(message.id));
  const right = places.filter((each) => each.agent === message.recipient && texts.includes(each.text));
  const found: string[] = [];
  const say = (what: string) => found.push(`${message.id} to ${message.recipient}, ${state.status}: ${what}`);
  if (places.length > right.length) say(`submitted wrongly: ${JSON.stringify(places)}`);
  if (places.length > 1) say(`submitted ${places.length} times`);
  const isTyped = !message.recipient.startsWith("inbox");
  switch (state.status) {
    case "delivered":
      if (isTyped && right.length !== 1) say("and the agent never got it");
      break;
    case "failed":
      if (places.length > 0) say("and the agent got it");
      break;
    case "unconfirmed":
      // Where a text may have been left standing unproven, somebody submits it or takes it away.
      if (
        !stored.events.some(({ type }) => type === (mayBeLeft(world, message.recipient) ? "intent" : "typed"))
      )
        say("without ever having been typed");
      break;
    default:
      say("was lost on the way");
  }
  return found;
}

function mayBeLeft({ panes, windows }: World, agent: string): boolean {
  return windows.has(agent) || panes.get(agent)?.hasNoClear === true;
}

/** Each submit is of a text that was proven to stand there, and the record of that was on disk before. */
function ofSubmissions(world: World): readonly string[] {
  const known = new Map(
    world
      .messages()
      .flatMap((stored) => world.textsOf(stored).map((text) => [text, stored.message.recipient] as const)),
  );
  return world.submissions.flatMap(({ agent, text, step }) => {
    if (known.get(text) !== agent)
      return [`${agent} got what was nobody's message to it: ${JSON.stringify(text)}`];
    return step === "typed"
      ? []
      : [`${agent} got ${JSON.stringify(text)} before it was recorded (step ${step})`];
  });
}

/** Within a priority, in the order of acceptance; what somebody has to look at first may come later. */
function ofOrder(world: World): readonly string[] {
  const delivered = world.messages().filter(({ state }) => state.status === "delivered");
  const placeOf = ({ message: { id } }: StoredMessage) =>
    world.submissions.findIndex(({ text }) => text.includes(id));
  return delivered.flatMap((later, i) =>
    delivered
      .slice(0, i)
      .filter(
        ({ message }) =>
          message.recipient === later.message.recipient && message.priority === later.message.priority,
      )
      .filter((earlier) => placeOf(later) >= 0 && placeOf(earlier) > placeOf(later))
      .map((earlier) => `${later.message.id} overtook ${earlier.message.id}`),
  );
}

/** Drafts, the clipboard, and that nobody typed without holding the desktop. */
function ofWhatWasFound(world: World): readonly string[] {
  const found: string[] = [];
  for (const [name, drafts] of world.drafts) {
    const text = world.windows.get(name)?.composer.text ?? world.panes.get(name)?.text ?? "";
    if (world.panes.get(name)?.hasNoClear && drafts.includes(withoutUnconfirmed(world, text))) continue;
    if (drafts.includes(text) || (world.windows.has(name) && isBesideCopied(world, name, text, drafts)))
      continue;
    found.push(`${name} holds ${JSON.stringify(text)} instead of ${JSON.stringify(drafts.at(-1))}`);
  }
  for (const { target, harm } of world.panes.values())
    found.push(...harm.map((each) => `${target}: ${each}`));
  for (const what of world.strayInput)
    found.push(`${what} was pressed by a worker that did not hold the desktop`);
  const { clipboard } = world.desktop;
  if (clipboard.replace(COPIED, "") !== "") found.push(`the clipboard holds ${JSON.stringify(clipboard)}`);
  return found;
}

/** Where no key takes text out, what came to stand beside a draft stays there, and the message says so. */
function withoutUnconfirmed(world: World, text: string): string {
  return world
    .messages()
    .filter(({ state }) => state.status === "unconfirmed")
    .flatMap((stored) => world.textsOf(stored).toReversed())
    .reduce((rest, own) => rest.replace(own, ""), text);
}

/**
 * The hands of macOS and Windows can't tell whose the clipboard is: what others copy in the moment of a paste may come to
 * stand beside the draft, or in its place; then the draft is on disk, and the message says where.
 */
function isBesideCopied(world: World, name: string, text: string, drafts: readonly string[]): boolean {
  const rest = text.replace(COPIED, "").trim();
  if (rest === text) return false;
  const kept = world
    .messages()
    .map(({ message, state }) => (message.recipient === name ? state.draftFile : null));
  const isOnDisk = kept.some(
    (file) => file !== null && drafts.some((draft) => world.savedDraft(file).includes(draft)),
  );
  return drafts.includes(rest) || (rest === "" && isOnDisk);
}
