import type { WindowId, XConnection } from "./connection.ts";
import { notify } from "./transfer.ts";

/**
 * Answers requests that an owner of the clipboard left open when it died: "nothing there". Chromium waits for such an
 * answer for ever, with all its windows frozen. A program that waits for nothing passes the event by. It waits for the very
 * kind that it asked for, which can be any that the owner offered.
 */
export async function answerOrphanedRequests(x: XConnection, requestors: Iterable<WindowId>): Promise<void> {
  const kinds = [x.atom("TARGETS"), x.atom("TIMESTAMP"), ...(await kindAtoms(x))];
  for (const requestor of requestors) {
    for (const target of kinds) {
      notify(x, { time: 0, requestor, selection: x.atom("CLIPBOARD"), target }, 0);
    }
  }
}

const ATOM_BATCH = 256;
const MOST_ATOMS = 1 << 16;

/** All atoms of this server that can name a kind of text: they are numbered from 1 without a gap. */
async function kindAtoms(x: XConnection): Promise<readonly number[]> {
  const found: number[] = [];
  for (let first = 1; first < MOST_ATOMS; first += ATOM_BATCH) {
    const atoms = Array.from({ length: ATOM_BATCH }, (_, i) => first + i);
    const names = await Promise.all(
      atoms.map((atom) => x.ask<string>((r) => x.client.GetAtomName(atom, r)).catch(() => null)),
    );
    found.push(...atoms.filter((_, i) => KIND_NAME.test(names[i] ?? "")));
    if (names.at(-1) === null) break;
  }
  return found;
}

const KIND_NAME = /^(?:UTF8_STRING|STRING|TEXT|COMPOUND_TEXT|(?:text|chromium|application|image)\/.+)$/;
