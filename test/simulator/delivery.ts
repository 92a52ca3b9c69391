import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNutDesktop } from "../../src/desktop/nut/desktop.ts";
import type { DesktopAgent } from "../../src/domain/agent.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { Message, Priority } from "../../src/domain/message.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import { BUILT_IN_PROFILES, profileForMac } from "../../src/domain/profile.ts";
import { initialState, type MessageState } from "../../src/domain/status.ts";
import type { Timing } from "../../src/ports/timing.ts";
import type { Attempt, Transport } from "../../src/ports/transport.ts";
import { desktopTransport } from "../../src/transports/desktop/index.ts";
import { inProcess } from "../desktop/in-process.ts";
import { simulatedClock } from "./clock.ts";
import { type SimulatedDesktop, simulatedDesktop } from "./desktop.ts";
import { simulatedLock } from "./lock.ts";

/** The desktop transport at work on a simulated macOS desktop. */
export interface SimulatedDelivery {
  readonly desktop: SimulatedDesktop;
  /** One attempt; its text is the body alone. */
  deliver(sent: SentMessage): Promise<Outcome>;
  /** What a worker does with a message that a crash cut off. */
  resume(sent: SentMessage, reached: Pick<MessageState, "step" | "draftFile">): Promise<Outcome>;
  /** Events of all attempts, in order. */
  readonly events: readonly MessageEvent[];
  readonly drafts: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

export interface SentMessage {
  readonly id: string;
  /** Title of the recipient's window. */
  readonly to: string;
  readonly text: string;
  readonly priority?: Priority;
}

const ATTEMPT_MS = 20_000;
const RECENT = 8;

export function simulatedDelivery(): SimulatedDelivery {
  const folder = mkdtempSync(join(tmpdir(), "delivery-"));
  const clock = simulatedClock();
  const desktop = simulatedDesktop(clock);
  const events: MessageEvent[] = [];
  const drafts = new Map<string, string>();
  const typed: string[] = [];
  let count = 0;
  const nut = openNutDesktop({
    platform: "darwin",
    env: { XDG_RUNTIME_DIR: folder },
    clock,
    machineNow: () => clock.monotonic(),
    random: { hex: (bytes) => String(++count).padStart(bytes * 2, "0") },
    lock: simulatedLock(),
    openCalls: () => Promise.resolve(desktop.calls),
  });
  const profiles = BUILT_IN_PROFILES.map(profileForMac);
  const settings = {
    display: null,
    humanIdleMs: 1_000,
    attemptMs: ATTEMPT_MS,
    profile: (name: string) => profiles.find((profile) => profile.name === name) ?? null,
  };
  const transport: Transport = desktopTransport({
    desktop: inProcess(nut),
    timing: learningTiming(),
    clock,
    settings: () => settings,
  });
  const attempt = (sent: SentMessage, reached: Partial<MessageState> = {}): Attempt => ({
    message: messageOf(sent, clock.now()),
    agent: agentOf(sent.to),
    state: { ...initialState(clock.now()), ...reached },
    text: sent.text,
    pointer: "",
    recentTexts: typed.filter((text) => text !== sent.text).slice(-RECENT),
    record(event) {
      events.push(event);
      if (event.type === "intent") typed.push(sent.text);
    },
    saveDraft(text) {
      const file = `draft-${drafts.size + 1}`;
      drafts.set(file, text);
      return file;
    },
    readDraft: (file) => drafts.get(file) ?? null,
    deadline: clock.monotonic() + ATTEMPT_MS,
    signal: new AbortController().signal,
  });
  return {
    desktop,
    events,
    drafts,
    deliver: (sent) => transport.deliver(attempt(sent)),
    resume: (sent, reached) => transport.resume(attempt(sent, { status: "delivering", ...reached })),
    async stop() {
      await transport.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function agentOf(title: string): DesktopAgent {
  return {
    name: title,
    transport: "desktop",
    profile: "chat",
    windowTitle: title,
    input: { x: 120, y: -60, from: "bottom-left" },
  };
}

function messageOf({ id, to, text, priority = "normal" }: SentMessage, now: number): Message {
  return {
    id,
    broadcastId: null,
    recipient: to,
    sender: "Captain",
    priority,
    body: text,
    sha256: "",
    key: null,
    raw: false,
    display: null,
    acceptedAt: now,
    expiresAt: null,
    notBefore: null,
    join: false,
  };
}

/** Knows the last delay of each step. */
function learningTiming(): Timing {
  const last = new Map<string, number>();
  return {
    deadlineMs: (...key) => (last.get(key.join()) ?? 1_000) * 1.5,
    typicalMs: (...key) => last.get(key.join()) ?? null,
    latestMs: (...key) => last.get(key.join()) ?? null,
    record(agent, transport, step, ms) {
      last.set([agent, transport, step].join(), ms);
    },
    miss: () => undefined,
  };
}
