/** Attempts of a transport that types, over the real thing, without worker and spool around them. */
import { driverDesktop } from "../../src/desktop/driver-client.ts";
import type { Agent, InputPoint } from "../../src/domain/agent.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { Priority } from "../../src/domain/message.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import { BUILT_IN_PROFILES } from "../../src/domain/profile.ts";
import { initialState, type MessageState, replay } from "../../src/domain/status.ts";
import { TERMINAL_PROFILES, type TerminalProfile } from "../../src/domain/terminal-profile.ts";
import type { Timing } from "../../src/ports/timing.ts";
import type { Transport } from "../../src/ports/transport.ts";
import type { Clock } from "../../src/ports/world.ts";
import { tmuxTerminals } from "../../src/tmux/terminals.ts";
import { desktopTransport } from "../../src/transports/desktop/index.ts";
import { tmuxTransport } from "../../src/transports/tmux/index.ts";

export interface Made {
  readonly outcome: Outcome;
  readonly text: string;
  readonly events: readonly MessageEvent[];
  readonly drafts: readonly string[];
  readonly ms: number;
}

export interface Attempts {
  deliver(title: string, body: string, options?: AttemptOptions): Promise<Made>;
  resume(title: string, text: string, state: MessageState): Promise<Made>;
  close(): Promise<void>;
}

export interface AttemptOptions {
  readonly input?: InputPoint;
  readonly priority?: Priority;
  readonly recentTexts?: readonly string[];
  readonly profile?: string;
  /** The text of an earlier attempt, which this one makes again as the worker does: with its id. */
  readonly text?: string;
  /** Called at each event, before it is recorded. */
  readonly onEvent?: (event: MessageEvent) => void;
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** At windows on a display, over the driver. */
export function attemptsOn(
  display: string,
  input: InputPoint,
  humanIdleMs = 0,
  driverPath = "dist/driver.cjs",
): Attempts {
  const output: string[] = [];
  const desktop = driverDesktop({ driverPath, onOutput: (text) => output.push(text) });
  const transport = desktopTransport({
    desktop,
    timing: rememberedTiming(),
    clock,
    settings: () => ({
      display,
      humanIdleMs,
      attemptMs: 20_000,
      profile: (name) => BUILT_IN_PROFILES.find((profile) => profile.name === name) ?? null,
    }),
  });
  const made = attemptsOver(transport, (title, options) => ({
    name: "Agent-1",
    transport: "desktop",
    profile: options.profile ?? "chat",
    windowTitle: title,
    input: options.input ?? input,
  }));
  const checked = async (attempt: Promise<Made>) => {
    const result = await attempt;
    if (output.length > 0) throw new Error(`the driver said: ${output.join("")}`);
    return result;
  };
  return {
    ...made,
    deliver: (...args) => checked(made.deliver(...args)),
    resume: (...args) => checked(made.resume(...args)),
  };
}

/** At panes of a tmux server: their targets are the titles. */
export function tmuxAttempts(
  socket: string,
  profiles: readonly TerminalProfile[] = TERMINAL_PROFILES,
  timing: Timing = rememberedTiming(),
): Attempts {
  const transport = tmuxTransport({
    terminals: tmuxTerminals(),
    timing,
    clock,
    profiles: () => new Map(profiles.map((profile) => [profile.name, profile])),
  });
  return attemptsOver(transport, (pane, { profile = null }) => ({
    name: "Agent-1",
    transport: "tmux",
    pane,
    socket,
    profile,
  }));
}

function attemptsOver(
  transport: Transport,
  agentAt: (place: string, options: AttemptOptions) => Agent,
): Attempts {
  let count = 0;
  const nextId = () => `msg_20260101_000000_${(++count).toString(16).padStart(8, "0")}`;
  const idOf = (text: string) => /msg_\w+/.exec(text)?.[0] ?? "msg_20260101_000000_00000000";

  async function run(
    kind: "deliver" | "resume",
    title: string,
    text: string,
    id: string,
    state: MessageState,
    options: AttemptOptions,
  ): Promise<Made> {
    const events: MessageEvent[] = [];
    const drafts: string[] = [];
    const startedAt = performance.now();
    const outcome = await transport[kind]({
      message: {
        id,
        broadcastId: null,
        recipient: title,
        sender: "Captain",
        priority: options.priority ?? "normal",
        body: text,
        sha256: "",
        key: null,
        raw: false,
        display: null,
        acceptedAt: Date.now(),
        expiresAt: null,
        notBefore: null,
        join: false,
      },
      agent: agentAt(title, options),
      state,
      text,
      pointer: `[#${id} from Captain] Message of ${text.length} characters from Captain: read it in MESSAGE_${id}.md`,
      recentTexts: options.recentTexts ?? [],
      record(event) {
        options.onEvent?.(event);
        events.push(event);
      },
      saveDraft: (draft) => `draft-${drafts.push(draft) - 1}`,
      readDraft: (file) => (state.draftFile && options.recentTexts ? file : null),
      deadline: performance.now() + 20_000,
      signal: new AbortController().signal,
    });
    return { outcome, text, events, drafts, ms: performance.now() - startedAt };
  }

  return {
    deliver(title, body, options = {}) {
      const text = options.text ?? `[#${nextId()} from Captain] ${body}`;
      const state = { ...initialState(0), totalAttempts: options.text === undefined ? 1 : 2 };
      return run("deliver", title, text, idOf(text), state, options);
    },
    resume: (title, text, state) => run("resume", title, text, idOf(text), state, {}),
    close: () => transport.close(),
  };
}

/** The state of a message whose attempt was cut off after `step`. */
export function cutOffAfter(step: "intent" | "typed"): MessageState {
  const at = Date.now();
  const events: MessageEvent[] = [
    { type: "claimed", at, attempt: 1, pid: 1 },
    { type: "inbox_file", at, file: "x" },
    { type: "intent", at, window: "w" },
  ];
  if (step === "typed") events.push({ type: "typed", at, ms: 1 });
  return replay(at, events);
}

/** Keeps all that it is told, in memory. */
export function rememberedTiming(): Timing {
  const seen = new Map<string, number[]>();
  return {
    deadlineMs: () => 1_000,
    typicalMs: (agent, _transport, step) => {
      const sorted = [...(seen.get(`${agent} ${step}`) ?? [])].sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
    latestMs: (agent, _transport, step) => seen.get(`${agent} ${step}`)?.at(-1) ?? null,
    record(agent, _transport, step, ms) {
      const key = `${agent} ${step}`;
      seen.set(key, [...(seen.get(key) ?? []), ms]);
    },
    miss: () => undefined,
  };
}
