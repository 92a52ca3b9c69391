/** Reading and filling the composer of the aimed window through the clipboard that we own. */
import type { Content, Guarded, Look, LookKeys, PasteKeys, PasteLook, Refusal } from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import type { Aim } from "./aim.ts";
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { type Keyboard, pressChords } from "./keyboard.ts";

/** How often a look is repeated because another program took the clipboard in the middle. */
const VANDAL_LIMIT = 5;
const READ_TIMEOUT_MS = 2_000;
/** More than this is read as plain text only: it is no draft. */
const RICH_LIMIT = 4_000;
const AGAIN_MS = 1_000;
/** Once the text was taken, the copy right behind it is answered within this many times as long, or not at all. */
const ANSWER_FACTOR = 4;
const ANSWER_FLOOR_MS = 6_000;

export interface ComposerReader {
  look(aim: Aim, keys: LookKeys, patienceMs: number): Promise<Guarded<{ readonly look: Look }>>;
  pasteAndLook(aim: Aim, content: Content, keys: PasteKeys, patienceMs: number): Promise<Guarded<PasteLook>>;
  press(aim: Aim, chords: readonly string[]): Promise<Guarded<object>>;
}

/** `onCopied` is told which window took the clipboard on our copy keys. */
export function composerReader(
  x: XConnection,
  clipboard: X11Clipboard,
  keyboard: Keyboard,
  onCopied: (owner: WindowId) => void,
): ComposerReader {
  const press = (aim: Aim, chords: readonly string[], onSent: () => void = () => undefined) => {
    const codes = chords.map((chord) => keyboard.codes(chord));
    return aim.guarded(() => {
      pressChords(x, codes);
      onSent();
    });
  };

  /** Presses the keys and hears what the target says; "vandal": another program took the clipboard meanwhile. */
  const pressAndHear = async (
    aim: Aim,
    chords: readonly string[],
    patienceMs: number,
  ): Promise<Refusal | { readonly ok: true; readonly look: Look | "vandal"; readonly isTaken: boolean }> => {
    const ear = listen(x, clipboard, aim, onCopied);
    try {
      const pressed = await press(aim, chords, ear.keysSent);
      if (!pressed.ok) return pressed;
      const heard = await ear.within(patienceMs);
      const look = await interpret(x, clipboard, aim, heard, true);
      return aim.focusLost() ?? { ok: true, look, isTaken: ear.isTaken() };
    } finally {
      ear.stop();
    }
  };

  const look: ComposerReader["look"] = async (aim, keys, patienceMs) => {
    for (let tries = 0; tries < VANDAL_LIMIT; tries++) {
      await clipboard.offer(null);
      // What is selected stays so: the keys that select may do more than that, and are pressed once.
      const chords = tries === 0 ? [...keys.select, keys.copy] : [keys.copy];
      const result = await pressAndHear(aim, chords, patienceMs);
      if (!result.ok) return result;
      if (result.look !== "vandal") return { ok: true, look: result.look };
    }
    return clipboardBusy(aim);
  };

  const reader: ComposerReader = {
    press: (aim, chords) => press(aim, chords),
    look,
    async pasteAndLook(aim, content, keys, patienceMs) {
      await clipboard.offer(content);
      const ear = listen(x, clipboard, aim, onCopied);
      try {
        const chords = [keys.before, keys.paste, keys.selectAll, keys.copy, ...(keys.after ?? [])];
        const pressed = await press(aim, chords, ear.keysSent);
        if (!pressed.ok) return pressed;
        const until = performance.now() + patienceMs;
        let heard = await ear.within(patienceMs);
        let early: Content | null = null;
        if (heard.kind === "answer" && !ear.isTaken()) {
          // Keys are handled in order: this answers a copy from before the paste. The paste is still to come.
          const before = await interpret(x, clipboard, aim, heard, true);
          await clipboard.offer(content);
          if (before !== "vandal" && before.kind === "text") early = before.content;
          ear.again();
          heard = await ear.within(until - performance.now());
        }
        const look = await interpret(x, clipboard, aim, heard, false);
        const lost = aim.focusLost();
        if (lost) return lost;
        const isTaken = ear.isTaken();
        if (look !== "vandal") return { ok: true, look, isTaken, early };
        const lookKeys = { select: [keys.selectAll], copy: keys.copy };
        const again = await reader.look(aim, lookKeys, Math.min(patienceMs, AGAIN_MS));
        return again.ok ? { ok: true, look: again.look, isTaken, early } : again;
      } finally {
        ear.stop();
      }
    },
  };
  return reader;
}

type Heard =
  | { readonly kind: "answer" | "vandal"; readonly ms: number }
  | { readonly kind: "silence"; readonly ms: number };

/** Listens from before the keys are pressed, so that no answer is missed. */
function listen(x: XConnection, clipboard: X11Clipboard, aim: Aim, onCopied: (owner: WindowId) => void) {
  let sentAt: number | null = null;
  let isTaken = false;
  let timer: NodeJS.Timeout | undefined;
  let resolve: (heard: Heard) => void = () => undefined;
  let heard: Promise<Heard>;
  const again = () => {
    heard = new Promise<Heard>((done) => {
      resolve = done;
    });
  };
  again();
  const elapsedMs = () => performance.now() - (sentAt ?? performance.now());
  const stopLost = clipboard.onLost(() => {
    const ms = elapsedMs();
    clipboard.owner().then(
      (owner) => {
        const isTarget = x.isSameClient(owner, aim.window);
        if (isTarget) onCopied(owner);
        resolve({ kind: isTarget ? "answer" : "vandal", ms });
      },
      () => resolve({ kind: "vandal", ms }),
    );
  });
  const stopRequests = clipboard.onRequest((request) => {
    if (sentAt === null || !x.isSameClient(request.requestor, aim.window)) return;
    if (request.isText && !isTaken) {
      isTaken = true;
      const ms = elapsedMs();
      clearTimeout(timer);
      timer = setTimeout(
        () => resolve({ kind: "silence", ms }),
        Math.max(ANSWER_FLOOR_MS, ms * ANSWER_FACTOR),
      );
    }
  });
  return {
    again,
    isTaken: () => isTaken,
    keysSent: () => {
      sentAt = performance.now();
    },
    stop() {
      clearTimeout(timer);
      stopLost();
      stopRequests();
    },
    within(patienceMs: number): Promise<Heard> {
      timer ??= setTimeout(() => resolve({ kind: "silence", ms: elapsedMs() }), patienceMs);
      return heard;
    },
  };
}

/** Reads the answer (of an empty one, ProseMirror copies no text at all), and believes it only if the target owned the clipboard before and after. */
async function interpret(
  x: XConnection,
  clipboard: X11Clipboard,
  aim: Aim,
  heard: Heard,
  isRich: boolean,
): Promise<Look | "vandal"> {
  if (heard.kind === "vandal") return "vandal";
  if (heard.kind === "silence") return heard;
  const before = await clipboard.owner();
  const text = await clipboard.read(READ_TIMEOUT_MS);
  const isEmpty = text === null && (await clipboard.isTextless(READ_TIMEOUT_MS));
  const isPlain = text === null || !isRich || text.length > RICH_LIMIT;
  const content = isEmpty ? "" : isPlain ? text : await clipboard.readRich(READ_TIMEOUT_MS);
  const after = await clipboard.owner();
  if (before !== after || !x.isSameClient(after, aim.window) || content === null) return "vandal";
  return {
    kind: "text",
    content: typeof content === "string" ? { text: content, flavors: {} } : content,
    ms: heard.ms,
  };
}

function clipboardBusy(aim: Aim): Refusal {
  return refuse(
    "clipboard_busy",
    `another program kept taking the clipboard while the composer of "${aim.title}" was being read`,
    "close clipboard managers that rewrite it; the message is tried again by itself",
  );
}
