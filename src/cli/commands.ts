/** All commands, one line each. A command's file is loaded only when it is the one that was asked for. */
import type { Define } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Define>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "make a workspace: swarm.json and a folder per agent",
    load: async () => (await import("./commands/init.ts")).defineInit,
  },
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
  {
    name: "retry-failed",
    summary: "queue failed messages again and wait for their outcome",
    load: async () => (await import("./commands/retry-failed.ts")).defineRetryFailed,
  },
  {
    name: "status",
    summary: "what waits, what failed, how well it goes; or all about one message",
    load: async () => (await import("./commands/status.ts")).defineStatus,
  },
  {
    name: "inbox",
    summary: "the messages in an agent's inbox",
    load: async () => (await import("./commands/inbox.ts")).defineInbox,
  },
  {
    name: "read",
    summary: "print the body of a message",
    load: async () => (await import("./commands/read.ts")).defineRead,
  },
  {
    name: "ack",
    summary: "say that a message was received",
    load: async () => (await import("./commands/ack.ts")).defineAck,
  },
  {
    name: "cancel",
    summary: "take back a message that still waits",
    load: async () => (await import("./commands/cancel.ts")).defineCancel,
  },
  {
    name: "calibrate",
    summary: "show swarm where an agent's input field is, and try it",
    load: async () => (await import("./commands/calibrate.ts")).defineCalibrate,
  },
  {
    name: "worker",
    summary: "deliver in the foreground",
    load: async () => (await import("./commands/worker.ts")).defineWorker,
  },
  {
    name: "doctor",
    summary: "what works here and what does not, with remedies",
    load: async () => (await import("./commands/doctor.ts")).defineDoctor,
  },
  {
    name: "config",
    summary: "print the effective configuration, or its JSON Schema",
    load: async () => (await import("./commands/config.ts")).defineConfig,
  },
];
