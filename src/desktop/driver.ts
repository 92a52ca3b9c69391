/**
 * The driver: a child process of the worker, and the only one that touches keyboard, pointer and clipboard. Killing it
 * is the one sure way to stop typing; it ends when its parent does. Speaks the `Desktop` port over the process channel.
 */
import { DesktopGone, type Guarded, type Hands } from "../ports/desktop.ts";
import { type DriverDesktop, openDriverDesktop } from "./driver-desktop.ts";
import { callIn, type DriverCall, type DriverReply } from "./protocol.ts";
import { refuse } from "./refusals.ts";

/** After its parent's death the driver serves what a program may be pasting right now, but presses nothing. */
const LINGER_MS = 700;

const desktop: DriverDesktop = openDriverDesktop(process.env);
const hands = new Map<number, Hands>();
const waits = new Map<number, AbortController>();
let nextHands = 1;

process.on("message", (said: unknown) => {
  const call = callIn(said);
  if (call === null) return;
  answer(call).then(
    (result) => reply({ id: call.id, result }),
    (cause) =>
      reply({ id: call.id, error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
  );
});
process.on("disconnect", () => {
  void leave();
});
// Ctrl+C in the terminal goes to the whole group: the parent decides when the driver ends.
process.on("SIGINT", () => undefined);

function reply(message: DriverReply): void {
  // A parent that has just closed the connection hears no answer; without the callback that would end this process
  // before it has given the person's clipboard text away.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function leave(): Promise<void> {
  desktop.forbidInput();
  for (const wait of waits.values()) wait.abort();
  await desktop.leave(LINGER_MS).catch(() => undefined);
  process.exit(0);
}

async function answer(call: DriverCall): Promise<unknown> {
  switch (call.method) {
    case "acquire":
      return acquire(call);
    case "cancel":
      waits.get(call.wait)?.abort();
      return null;
    case "hands": {
      const held = hands.get(call.hands);
      if (!held)
        return refuse("lock_lost", "this desktop lock was released before", "it is tried again by itself");
      const method = held[call.name] as (...args: readonly unknown[]) => Promise<unknown>;
      const result = await method.apply(held, [...call.args]).catch((cause: unknown) => {
        if (cause instanceof DesktopGone) return cause.refusal;
        throw cause;
      });
      if (call.name === "release") hands.delete(call.hands);
      return result ?? null;
    }
    default:
      return call satisfies never;
  }
}

async function acquire(
  call: DriverCall & { method: "acquire" },
): Promise<Guarded<{ hands: number; waitedMs: number }>> {
  const wait = new AbortController();
  waits.set(call.id, wait);
  try {
    const result = await desktop.acquire(call.display, call.purpose, call.deadlineMs, wait.signal);
    if (!result.ok) return result;
    const id = nextHands++;
    hands.set(id, result.hands);
    return { ok: true, hands: id, waitedMs: result.waitedMs };
  } finally {
    waits.delete(call.id);
  }
}

if (!process.send) {
  process.stderr.write("This is a part of swarm that swarm starts itself. To deliver: swarm worker\n");
  process.exit(2);
}
