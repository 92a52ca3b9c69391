/**
 * A whole day of `swarm` in memory and virtual time: the real engine over the real spool, the real transports over
 * simulated windows and panes, a person, programs that get in the way, and workers that are killed.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Dispatcher } from "../../src/delivery/dispatcher.ts";
import { Drafts } from "../../src/delivery/drafts.ts";
import { RecentTexts } from "../../src/delivery/recent-texts.ts";
import { lineFolder } from "../../src/desktop/desktop-line.ts";
import { desktopName } from "../../src/desktop/desktop-name.ts";
import { abandonGuest } from "../../src/desktop/guest-file.ts";
import { openNutDesktop } from "../../src/desktop/nut/desktop.ts";
import type { NutCalls } from "../../src/desktop/nut/nut-calls.ts";
import { userRuntimeFolder } from "../../src/desktop/runtime-folder.ts";
import type { Agent } from "../../src/domain/agent.ts";
import { joinedText, typedText } from "../../src/domain/message.ts";
import { BUILT_IN_PROFILES, profileForMac } from "../../src/domain/profile.ts";
import { isFinished } from "../../src/domain/status.ts";
import { TERMINAL_PROFILES } from "../../src/domain/terminal-profile.ts";
import type { Spool, StoredMessage } from "../../src/ports/store.ts";
import type { Terminals } from "../../src/ports/terminals.ts";
import type { Transport } from "../../src/ports/transport.ts";
import type { Clock } from "../../src/ports/world.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { desktopTransport } from "../../src/transports/desktop/index.ts";
import { inboxTransport } from "../../src/transports/inbox.ts";
import { tmuxTransport } from "../../src/transports/tmux/index.ts";
import { settingsFor } from "../delivery/fake-world.ts";
import { MemoryLog } from "../delivery/memory-log.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { inProcess } from "../desktop/in-process.ts";
import { rememberedTiming } from "../e2e/attempts.ts";
import { type SimulatedClock, simulatedClock } from "./clock.ts";
import { type SimulatedDesktop, type SimulatedWindow, simulatedDesktop } from "./desktop.ts";
import type { AgentPlan, Plan } from "./plan.ts";
import { type SimulatedPane, type SimulatedTerminals, simulatedTerminals } from "./terminals.ts";
import { makeTrouble, type Scene } from "./trouble.ts";

export interface Submission {
  readonly agent: string;
  readonly text: string;
  /** What the file of each message in it said at that moment: `intent` and `typed` must be there before; else of one that did not. */
  readonly step: string | null;
}

export interface World extends Scene {
  readonly submissions: readonly Submission[];
  /** Input events that were made while another worker held the desktop. */
  readonly strayInput: readonly string[];
  /** Ids that senders were told. */
  readonly accepted: readonly string[];
  messages(): readonly StoredMessage[];
  /** What may be typed for it: alone, and with others. */
  textsOf(stored: StoredMessage): readonly string[];
  /** What a draft's file holds: for a window the text and its other kinds, as JSON. */
  savedDraft(file: string): string;
}

/** A worker that may die in the middle: then nothing of it does anything any more. */
interface Incarnation {
  isDead: boolean;
  readonly dispatcher: Dispatcher;
  freeAll(): void;
}

const PLATFORM = "darwin";
/**
 * The hands of macOS and Windows can't tell whose the clipboard is: where a page is slow and something else goes wrong as
 * well, what others or swarm itself put there may be pasted, and stays unsubmitted. docs/reliability.md says so.
 */
const SLOWEST_PAGE_MS = 3;
const SHARED_MEMORY = "/dev/shm";
const RULES = { header: "[#{id} from {sender}] ", inlineLimit: 8000 };
const ATTEMPT_MS = 20_000;
const START_MS = 150;
const LOOK_EVERY_MS = 500;
const NEXT_WORKER_MS = 5_000;
const LONGEST_DAY_MS = 20 * 60_000;

/** Runs the day to its end. `judge` sees the world before its folder is removed. */
export async function runDay<T>(plan: Plan, judge: (world: World) => T): Promise<T> {
  const root = mkdtempSync(join(SHARED_MEMORY, "day-"));
  const clock = simulatedClock();
  const random = seeded(plan.seed);
  const outbox = openStore(root, clock, random);
  const submissions: Submission[] = [];
  const submitted = (agent: string, text: string) => {
    const ids = text.match(/msg_\w+/g) ?? [""];
    const steps = ids.map((id) => outbox.find(id)?.state.step ?? null);
    submissions.push({ agent, text, step: steps.find((step) => step !== "typed") ?? steps[0] ?? null });
  };
  const desktop = simulatedDesktop(clock);
  desktop.clipboardMs = plan.clipboardMs;
  desktop.copyGapMs = plan.copyGapMs;
  desktop.onSubmit = ({ title }, text) => submitted(title, text);
  const terminals = simulatedTerminals(clock, submitted);
  const agents = plan.agents.map(agentOf);
  const windows = new Map<string, SimulatedWindow>();
  const panes = new Map<string, SimulatedPane>();
  const drafts = new Map<string, readonly string[]>();
  for (const [i, each] of plan.agents.entries()) open(agents[i]?.name ?? "", each);
  desktop.open({ title: "Person" });
  desktop.clipboard = "the person's clipboard";
  const strayInput: string[] = [];
  let holder: Incarnation | null = null;
  let worker = start();

  const ids: string[] = [];
  /** Not yet seen to be finished. */
  const unfinished: string[] = [];
  for (const message of plan.messages) {
    clock.after(message.at, () => {
      const recipient = agents[message.to % agents.length]?.name ?? "";
      const { body, priority } = message;
      const result = outbox.accept([aNewMessage({ recipient, body, priority, sender: "Captain" })], false);
      if (result.kind !== "accepted") throw new Error(`not accepted: ${result.kind}`);
      for (const { message } of result.messages) {
        ids.push(message.id);
        unfinished.push(message.id);
      }
      if (!worker.isDead) worker.dispatcher.hint();
    });
  }
  for (const trouble of plan.troubles)
    clock.after(trouble.at, () => makeTrouble({ clock, desktop, windows, panes, drafts }, trouble));
  for (const at of plan.kills) clock.after(at, kill);

  const messages = () => ids.map((id) => outbox.find(id)).filter((stored) => stored !== null);
  const isAllFinished = () => {
    for (let [id] = unfinished; id !== undefined; [id] = unfinished) {
      if (!isFinished(outbox.find(id)?.state.status ?? "queued")) return false;
      unfinished.shift();
    }
    return true;
  };
  try {
    for (let ms = 0; ms < LONGEST_DAY_MS; ms += LOOK_EVERY_MS) {
      await clock.sleep(LOOK_EVERY_MS);
      const isAllAccepted = ids.length === plan.messages.length;
      const isQuiet = clock.monotonic() > lastOf(plan) && !worker.isDead;
      if (isAllAccepted && isQuiet && isAllFinished()) break;
    }
    await worker.dispatcher.stop();
    // What could not be put back, because the screen was locked, is put back by the next one.
    worker = start();
    await clock.sleep(NEXT_WORKER_MS);
    await worker.dispatcher.stop();
    await desktop.settled();
    await terminals.settled();
    return judge({
      clock,
      desktop,
      windows,
      panes,
      drafts,
      submissions,
      strayInput,
      accepted: ids,
      messages,
      savedDraft: (file) => (JSON.parse(readFileSync(join(root, file), "utf8")) as { text: string }).text,
      textsOf: ({ message, events }) => [
        typedText(message, "", RULES),
        ...events.flatMap((event) =>
          event.type === "joined"
            ? joinedText(
                event.ids.flatMap((id) => outbox.find(id)?.message ?? []),
                () => "",
                RULES,
              )
            : [],
        ),
      ],
    });
  } finally {
    worker.isDead = true;
    rmSync(root, { recursive: true, force: true });
  }

  function open(name: string, { kind, keyMs, draft, composer }: AgentPlan): void {
    if (kind === "inbox") return;
    drafts.set(name, [draft]);
    if (kind === "desktop") {
      const window = desktop.open({
        title: name,
        keyMs: Math.min(keyMs, SLOWEST_PAGE_MS),
        isRich: composer === "rich",
      });
      window.composer.text = draft;
      window.composer.selection = [draft.length, draft.length];
      windows.set(name, window);
    } else {
      const pane = terminals.open(name, keyMs, composer === "rich");
      pane.hasNoClear = composer === "odd";
      if (draft !== "") pane.type(draft);
      panes.set(name, pane);
    }
  }

  function start(): Incarnation {
    const own: { isDead: boolean } = { isDead: false };
    const mortal = mortalClock(clock, own);
    const held = new Set<() => void>();
    const transports = transportsOf(root, own, mortal, desktop, terminals, {
      take: async () => {
        while (holder !== null) await mortal.sleep(1);
        // What was under way when it was killed goes no further than here.
        if (own.isDead) return new Promise<never>(() => undefined);
        holder = incarnation;
        const free = () => {
          held.delete(free);
          if (holder === incarnation) holder = null;
        };
        held.add(free);
        return free;
      },
      onInput: (what) => {
        if (holder !== incarnation) strayInput.push(what);
      },
    });
    const dispatcher = new Dispatcher({
      root,
      clock: mortal,
      log: new MemoryLog(),
      pid: process.pid,
      random,
      spool: mortalSpool(openStore(root, mortal, random), own),
      settings: {
        current: () =>
          settingsFor(agents, {
            retry: { attempts: 4, backoff: { initialMs: 300, factor: 2, maxMs: 5_000 } },
            attemptTimeoutMs: ATTEMPT_MS,
            text: RULES,
            isJoining: plan.isJoining,
          }),
      },
      transports: {
        get: (name) => transports[name],
        parallel: (name) => (name === "desktop" ? 1 : 8),
        discard: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      drafts: new Drafts(root),
      recentTexts: new RecentTexts(),
      onSettled: () => undefined,
      onLook: () => undefined,
    });
    const incarnation: Incarnation = Object.assign(own, {
      dispatcher,
      freeAll: () => {
        for (const free of held) free();
      },
    });
    dispatcher.start();
    return incarnation;
  }

  function kill(): void {
    if (worker.isDead) return;
    worker.isDead = true;
    worker.freeAll();
    terminals.freeHolds();
    const env = environmentOf(root);
    abandonGuest(lineFolder(userRuntimeFolder(env), desktopName(null, env, PLATFORM) ?? ""));
    clock.after(START_MS, () => {
      worker = start();
    });
  }
}

function agentOf({ kind, composer }: AgentPlan, i: number): Agent {
  const name = `${kind}-${i}`;
  switch (kind) {
    case "inbox":
      return { name, transport: "inbox" };
    case "tmux":
      return {
        name,
        transport: "tmux",
        pane: name,
        socket: "s",
        profile: composer === "odd" ? "generic" : "claude",
      };
    case "desktop":
      return {
        name,
        transport: "desktop",
        profile: "chat",
        windowTitle: name,
        input: { x: 120, y: -60, from: "bottom-left" },
      };
    default:
      return kind satisfies never;
  }
}

function transportsOf(
  root: string,
  own: { readonly isDead: boolean },
  clock: SimulatedClock,
  desktop: SimulatedDesktop,
  { terminals }: SimulatedTerminals,
  lock: { take(): Promise<() => void>; onInput(what: string): void },
): Readonly<Record<"inbox" | "tmux" | "desktop", Transport>> {
  const profiles = BUILT_IN_PROFILES.map(profileForMac);
  const timing = rememberedTiming();
  let count = 0;
  const nut = openNutDesktop({
    platform: PLATFORM,
    env: environmentOf(root),
    clock,
    machineNow: () => clock.monotonic(),
    random: { hex: (bytes) => String(++count).padStart(bytes * 2, "0") },
    async lock() {
      const free = await lock.take();
      return { ok: true, waitedMs: 0, refusal: () => null, release: () => Promise.resolve(free()) };
    },
    openCalls: () => Promise.resolve(watched(mortalCalls(desktop.calls, own), lock.onInput)),
  });
  return {
    inbox: inboxTransport(),
    tmux: tmuxTransport({
      terminals: mortalTerminals(terminals, own),
      timing,
      clock,
      profiles: () => new Map(TERMINAL_PROFILES.map((profile) => [profile.name, profile])),
    }),
    desktop: desktopTransport({
      desktop: {
        ...inProcess(nut),
        async putBackLeftBehind(signal) {
          const acquired = await nut.acquire(null, "what was left behind", ATTEMPT_MS, signal);
          if (acquired.ok) await acquired.hands.release();
          return acquired.ok;
        },
      },
      timing,
      clock,
      settings: () => ({
        display: null,
        humanIdleMs: 1_000,
        attemptMs: ATTEMPT_MS,
        profile: (name) => profiles.find((profile) => profile.name === name) ?? null,
      }),
    }),
  };
}

function environmentOf(root: string): NodeJS.ProcessEnv {
  return { XDG_RUNTIME_DIR: root };
}

const NEVER = new Promise<never>(() => undefined);

/** What the dead wait for never comes. */
function untilDead<T>(own: { readonly isDead: boolean }, call: () => Promise<T>): Promise<T> {
  return own.isDead ? NEVER : call().then((value) => (own.isDead ? NEVER : value));
}

function mortalClock(clock: SimulatedClock, own: { readonly isDead: boolean }): SimulatedClock {
  const after: Clock["after"] = (ms, action) => clock.after(ms, () => own.isDead || action());
  return {
    now: clock.now,
    monotonic: clock.monotonic,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
  };
}

function mortalSpool(spool: Spool, own: { readonly isDead: boolean }): Spool {
  return new Proxy(spool, {
    get(target, name) {
      if (name === "watch") return () => () => undefined;
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        if (own.isDead) throw new Error("this worker was killed");
        return Reflect.apply(value, target, [...args]) as unknown;
      };
    },
  });
}

function mortalCalls(calls: NutCalls, own: { readonly isDead: boolean }): NutCalls {
  return new Proxy(calls, {
    get(target, name) {
      const value = Reflect.get(target, name) as (...args: readonly unknown[]) => Promise<unknown>;
      return (...args: readonly unknown[]) =>
        untilDead(own, () => Reflect.apply(value, target, [...args]) as Promise<unknown>);
    },
  });
}

function watched(calls: NutCalls, onInput: (what: string) => void): NutCalls {
  return {
    ...allOf(calls),
    press(chord) {
      onInput(chord);
      return calls.press(chord);
    },
    click() {
      onInput("Click");
      return calls.click();
    },
  };
}

/** A proxy has no properties of its own to spread. */
function allOf(calls: NutCalls): NutCalls {
  return {
    windows: () => calls.windows(),
    activeWindow: () => calls.activeWindow(),
    window: (id) => calls.window(id),
    focus: (id) => calls.focus(id),
    moveWindow: (id, to) => calls.moveWindow(id, to),
    press: (chord) => calls.press(chord),
    pointer: () => calls.pointer(),
    movePointer: (to) => calls.movePointer(to),
    click: () => calls.click(),
    screenSize: () => calls.screenSize(),
    screenImage: () => calls.screenImage(),
    readClipboard: () => calls.readClipboard(),
    writeClipboard: (text) => calls.writeClipboard(text),
    idleMs: () => calls.idleMs(),
    isScreenLocked: () => calls.isScreenLocked(),
  };
}

function mortalTerminals(terminals: Terminals, own: { readonly isDead: boolean }): Terminals {
  return {
    list: (socket) => untilDead(own, () => terminals.list(socket)),
    async find(socket, target) {
      const found = await untilDead(own, () => terminals.find(socket, target));
      if (!found.ok) return found;
      const { pane } = found;
      return {
        ok: true,
        pane: {
          where: pane.where,
          programs: () => untilDead(own, () => pane.programs()),
          look: () => untilDead(own, () => pane.look()),
          hold: (waitMs) => untilDead(own, () => pane.hold(waitMs)),
          leaveMode: () => untilDead(own, () => pane.leaveMode()),
          paste: (text, seen) => untilDead(own, () => pane.paste(text, seen)),
          press: (keys, seen) => untilDead(own, () => pane.press(keys, seen)),
        },
      };
    },
  };
}

function openStore(root: string, clock: Clock, random: { hex(bytes: number): string }): Spool {
  return openSpool({ root, maxBytes: 1_048_576, clock, random, archiveMs: 86_400_000 });
}

function lastOf({ messages, troubles, kills }: Plan): number {
  return Math.max(0, ...messages.map(({ at }) => at), ...troubles.map(({ at }) => at), ...kills) + START_MS;
}

/** Mulberry32: small, and good enough to spread ids and backoffs. */
function seeded(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (bytes: number) =>
    Array.from({ length: bytes }, () =>
      Math.floor(next() * 256)
        .toString(16)
        .padStart(2, "0"),
    ).join("");
  return { next, hex };
}
