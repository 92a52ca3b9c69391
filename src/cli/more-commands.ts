/** The commands that are built into a file of their own, so that `send` need not read them. */
import type { Define } from "./command.ts";

export const MORE_COMMANDS = {
  init: async () => (await import("./commands/init.ts")).defineInit,
  "retry-failed": async () => (await import("./commands/retry-failed.ts")).defineRetryFailed,
  status: async () => (await import("./commands/status.ts")).defineStatus,
  explain: async () => (await import("./commands/explain.ts")).defineExplain,
  log: async () => (await import("./commands/log.ts")).defineLog,
  inbox: async () => (await import("./commands/inbox.ts")).defineInbox,
  read: async () => (await import("./commands/read.ts")).defineRead,
  ack: async () => (await import("./commands/ack.ts")).defineAck,
  reply: async () => (await import("./commands/reply.ts")).defineReply,
  cancel: async () => (await import("./commands/cancel.ts")).defineCancel,
  purge: async () => (await import("./commands/purge.ts")).definePurge,
  pause: async () => (await import("./commands/pause.ts")).definePause,
  resume: async () => (await import("./commands/resume.ts")).defineResume,
  calibrate: async () => (await import("./commands/calibrate.ts")).defineCalibrate,
  guide: async () => (await import("./commands/guide.ts")).defineGuide,
  worker: async () => (await import("./commands/worker.ts")).defineWorker,
  doctor: async () => (await import("./commands/doctor.ts")).defineDoctor,
  selftest: async () => (await import("./commands/selftest.ts")).defineSelftest,
  completion: async () => (await import("./commands/completion.ts")).defineCompletion,
  config: async () => (await import("./commands/config.ts")).defineConfig,
} satisfies Record<string, () => Promise<Define>>;

/** What `send --stdin-ndjson` needs besides. */
export const loadSendStream = async () => (await import("./send-stream.ts")).sendStream;
