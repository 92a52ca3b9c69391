/** All commands, one line each. A command's file is loaded only when it is the one that was asked for. */
import type { Define } from "./command.ts";
import type { MORE_COMMANDS } from "./more-commands.ts";

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Define>;
}

export const COMMANDS: readonly CommandEntry[] = [
  other("init", "make a workspace: swarm.json and a folder per agent"),
  {
    name: "send",
    summary: "send a message to one agent and wait for its outcome",
    load: async () => (await import("./commands/send.ts")).defineSend,
  },
  {
    name: "broadcast",
    summary: "send a message to all agents, or to some",
    load: async () => (await import("./commands/broadcast.ts")).defineBroadcast,
  },
  other("retry-failed", "queue failed messages again and wait for their outcome"),
  other("status", "what waits, what failed, how well it goes; or the story of one message"),
  other("explain", "what would happen to a message for an agent now; or an error code"),
  other("log", "what has happened, and what happens"),
  other("inbox", "the messages in an agent's inbox"),
  other("read", "print the body of a message"),
  other("ack", "say that a message was received"),
  other("reply", "answer a message"),
  other("cancel", "take back a message that still waits"),
  other("purge", "give up old dead letters; asks first"),
  other("pause", "hold back messages for agents, or for all"),
  other("resume", "let messages go on"),
  other("calibrate", "show swarm where an agent's input field is, and try it"),
  other("guide", "what to tell an agent about swarm, for its instruction file"),
  other("worker", "deliver in the foreground"),
  other("doctor", "what works here and what does not, with remedies"),
  other("selftest", "prove the promises here, with agents of its own"),
  other("completion", "print what makes a shell complete commands, agents and ids"),
  other("config", "print the effective configuration, or its JSON Schema"),
];

function other(name: keyof typeof MORE_COMMANDS, summary: string): CommandEntry {
  return { name, summary, load: async () => (await import("./more-commands.ts")).MORE_COMMANDS[name]() };
}
