import type { DesktopAgent } from "../../../src/domain/agent.ts";
import type { Message } from "../../../src/domain/message.ts";
import { BUILT_IN_PROFILES } from "../../../src/domain/profile.ts";
import { initialState } from "../../../src/domain/status.ts";
import type { Hands, Look, PasteLook } from "../../../src/ports/desktop.ts";
import type { Transport } from "../../../src/ports/transport.ts";
import { type DesktopDeps, desktopTransport } from "../../../src/transports/desktop/index.ts";
import type { Work } from "../../../src/transports/desktop/work.ts";
import { aMessage } from "../../delivery/messages.ts";
import { rememberedTiming } from "../../e2e/attempts.ts";

/** What a window answers, one after the other, and what was pressed in it. */
export interface Script {
  readonly looks: Look[];
  readonly pastes: PasteLook[];
  readonly pressed: string[];
}

export const SILENCE: Look = { kind: "silence", ms: 5 };

export function text(held: string, ms = 5): Look {
  return { kind: "text", content: { text: held, flavors: {} }, ms };
}

export type ScriptedWork = Work & {
  readonly drafts: string[];
  readonly hands: { -readonly [Name in keyof Hands]: Hands[Name] };
};

/** The transport, over the hands of this work and a desktop that nobody else uses. */
export function scriptedTransport(work: ScriptedWork): Transport {
  return desktopTransport(scriptedDeps(work));
}

export function scriptedDeps({ hands, timing, clock, window, profile }: ScriptedWork): DesktopDeps {
  hands.humanIdleMs = () => Promise.resolve(Number.POSITIVE_INFINITY);
  hands.untouchedMs = hands.humanIdleMs;
  hands.editIdleMs = hands.humanIdleMs;
  hands.windows = () => Promise.resolve([window]);
  hands.remember = () =>
    Promise.resolve({ activeWindow: "1", pointer: { x: 0, y: 0 }, clipboardText: null, workspace: null });
  hands.restore = () => Promise.resolve();
  hands.release = () => Promise.resolve();
  return {
    desktop: {
      acquire: () => Promise.resolve({ ok: true, hands, waitedMs: 0 }),
      putBackLeftBehind: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    },
    timing,
    clock,
    settings: () => ({ display: null, humanIdleMs: 0, attemptMs: 5_000, profile: () => profile }),
  };
}

export function scriptedWork(script: Script, ownText: string): ScriptedWork {
  const [profile] = BUILT_IN_PROFILES;
  if (!profile) throw new Error("there are no built-in profiles");
  const drafts: string[] = [];
  const agent: DesktopAgent = {
    name: "Agent-1",
    transport: "desktop",
    profile: profile.name,
    windowTitle: "Agent-1",
    input: { x: 10, y: 10, from: "top-left" },
  };
  const message: Message = aMessage({ recipient: "Agent-1" });
  return {
    attempt: {
      message,
      agent,
      state: initialState(message.acceptedAt),
      text: ownText,
      pointer: ownText,
      recentTexts: [],
      record: () => undefined,
      saveDraft: (draft) => `draft-${drafts.push(draft)}`,
      readDraft: () => null,
      deadline: performance.now() + 20_000,
      signal: new AbortController().signal,
    },
    agent,
    profile,
    hands: handsOf(script),
    timing: rememberedTiming(),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      after(delayMs, action) {
        const timer = setTimeout(action, delayMs);
        return () => clearTimeout(timer);
      },
    },
    window: {
      id: "1",
      title: "Agent-1",
      pid: null,
      rect: { x: 0, y: 0, width: 100, height: 100 },
      isActive: true,
      isMinimised: false,
      isDialog: false,
    },
    clipboardText: null,
    draft: null,
    isDraftBack: false,
    isFullLikely: false,
    answerMs: 20,
    lookMs: 5,
    isEndSelected: false,
    isAllHeld: false,
    typedMs: null,
    mayBeEntered: false,
    isWidening: false,
    isTextLeft: false,
    isMarkLeft: false,
    wasMarked: false,
    isMarkFromBefore: false,
    isDoubleLikely: false,
    foreign: [],
    isCopyMissed: false,
    begunAt: performance.now(),
    knownAt: null,
    isDraftKnown: false,
    expectedDraft: null,
    restoredDraft: null,
    isRead: false,
    isTouched: false,
    isTextSeen: false,
    strays: [],
    drafts,
  };
}

function handsOf({ looks, pastes, pressed }: Script): Hands {
  const unexpected = () => Promise.reject(new Error("not in the script"));
  return {
    humanIdleMs: unexpected,
    untouchedMs: unexpected,
    submitIdleMs: unexpected,
    editIdleMs: unexpected,
    windows: unexpected,
    layout: unexpected,
    image: unexpected,
    pointer: unexpected,
    windowsAt: unexpected,
    remember: unexpected,
    aim: () =>
      Promise.resolve({ ok: true, point: { x: 0, y: 0 }, rect: { x: 0, y: 0, width: 1, height: 1 } }),
    click: () => Promise.resolve({ ok: true, point: { x: 0, y: 0 } }),
    press(chords) {
      pressed.push(chords.join(" "));
      return Promise.resolve({ ok: true });
    },
    look(keys) {
      pressed.push([...keys.select, keys.copy].join(" "));
      return Promise.resolve({ ok: true, look: looks.shift() ?? SILENCE });
    },
    pasteAndLook(content, keys) {
      pressed.push(`${keys.before} paste:${content.text}`);
      const look = pastes.shift();
      return look ? Promise.resolve({ ok: true, ...look }) : unexpected();
    },
    restore: unexpected,
    lateAnswers: () => Promise.resolve([]),
    copiedByOthers: () => Promise.resolve({ texts: [], isMissing: false, beforeKill: [] }),
    release: unexpected,
  };
}
