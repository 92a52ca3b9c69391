/**
 * Between attempts: a page that stood still for long answers a copy when nobody waits for it any more. What it has put into
 * the clipboard goes out again, and the person's text back, in a turn of its own.
 */
import type { X11Desk } from "./hands.ts";
import type { ClipboardKeeper } from "./keeper.ts";
import { isLateAnswer } from "./late-answer.ts";
import { restoreClipboard } from "./persons-clipboard.ts";

export interface LateWatch {
  /** False while an attempt is under way, which hears such answers itself. */
  readonly isFree: () => boolean;
  /** Waits for the desktop lock; null: not to be had. Gives it back. */
  readonly takeTurn: () => Promise<(() => Promise<void>) | null>;
  readonly keeper: ClipboardKeeper;
}

/** The next attempt of any swarm puts it right as well: only what stays for so long takes a turn. In milliseconds. */
const STAYS_MS = 300;

export function watchForLateAnswers(desk: X11Desk, { isFree, takeTurn, keeper }: LateWatch): void {
  const { clipboard, typedInto, x } = desk;
  let timer: NodeJS.Timeout | undefined;
  const isLate = async () => isFree() && (await isLateAnswer(desk, await clipboard.owner()));

  const putRight = async (): Promise<void> => {
    const endTurn = (await isLate()) ? await takeTurn() : null;
    if (endTurn === null) return;
    try {
      await keeper.pause();
      if (!(await isLate())) return;
      const text = await restoreClipboard(desk, () => desk.persons?.text ?? null);
      if (text !== null) await keeper.handOver(text);
    } finally {
      await endTurn();
    }
  };

  clipboard.onTaken((owner) => {
    if (!isFree()) return;
    clearTimeout(timer);
    if (typedInto.has(x.clientOf(owner))) {
      // The display may go away meanwhile: then there is no clipboard to put right.
      timer = setTimeout(() => void putRight().catch(() => undefined), STAYS_MS);
    } else if (!keeper.isHandingOver()) {
      desk.persons = null;
    }
  });
}
