/** The object that a program gets: each method asks what its command asks, and answers what that prints with `--json`. */
import { openOutbox } from "../app/compose.ts";
import { statusReport } from "../app/status-report.ts";
import { EXIT, SwarmError } from "../domain/errors.ts";
import type { RefusalCode, Refused } from "./answers.ts";
import type { IsRefused, Note, OpenSwarm, SendOptions, SwarmOptions } from "./api.ts";
import { awaitMessages } from "./await-messages.ts";
import { cancelMessage } from "./cancel.ts";
import { checkedBody, removedText } from "./checked-body.ts";
import { failureOf, usageError } from "./failure.ts";
import { messageWithId } from "./find-message.ts";
import { Followers } from "./followers.ts";
import type { Hearing } from "./hearing.ts";
import { inboxJson, inboxOf } from "./inbox.ts";
import { countsJson, messageDetails, messageJson } from "./message-json.ts";
import { newMessage, staggered } from "./new-message.ts";
import * as check from "./program-options.ts";
import { recipientNamed, recipientsOf } from "./recipients.ts";
import { retryFailed } from "./retry-failed.ts";
import { sendMessages } from "./send-messages.ts";
import { statusJson } from "./status-json.ts";
import { configOf, type Place, rootOf } from "./workspace.ts";

/** As `status --json` lists of each kind. */
const LISTED = 20;
const EMPTY_HINT = "give a text that is not blank";

/** See `OpenSwarm`. */
export const openSwarm: OpenSwarm = (options = {}) => {
  const calls = new Calls(options);
  return {
    send: (agent, text, options = {}) =>
      calls.run(options, async (place, hearing) => {
        check.checkSend(options);
        const recipient = recipientNamed(check.text("agent", agent), place.config).name;
        const body = bodyOf(text, place, hearing);
        const messages = [newMessage(recipient, body, check.sendTerms(options, place.env), place.env)];
        const sending = { messages, isBroadcast: false, ...waiting(options) };
        const { sent } = await sendMessages(place, sending, hearing);
        return one(sent.map((each) => messageJson(each, place.config)));
      }),
    broadcast: (text, options = {}) =>
      calls.run(options, async (place, hearing) => {
        check.checkBroadcast(options);
        const agents = recipientsOf(options.to ?? [], options.except ?? [], place.config);
        const body = bodyOf(text, place, hearing);
        const terms = check.sendTerms(options, place.env);
        const names = agents.map(({ name }) => name);
        const messages = staggered(names, body, terms, check.staggerOf(options), place.env);
        const sending = { messages, isBroadcast: true, ...waiting(options) };
        const { sent, broadcastId } = await sendMessages(place, sending, hearing);
        return {
          broadcast_id: broadcastId,
          counts: countsJson(sent),
          messages: sent.map((each) => messageJson(each, place.config)),
        };
      }),
    wait: (id, options = {}) =>
      calls.run(options, async (place, hearing) => {
        check.checkWait(options);
        const outbox = openOutbox(place.config);
        const { message } = messageWithId(check.text("id", id), outbox, place.config);
        const awaited = { messages: [message], timeoutMs: check.timeoutOf(options), mayHaveEnded: true };
        const { sent } = await awaitMessages(place, outbox, awaited, hearing);
        return one(sent.map((each) => messageJson(each, place.config)));
      }),
    retryFailed: (options = {}) =>
      calls.run(options, async (place, hearing) => {
        const selection = check.retrySelection(options);
        const { sent } = await retryFailed(place, selection, check.timeoutOf(options), hearing);
        return { counts: countsJson(sent), messages: sent.map((each) => messageJson(each, place.config)) };
      }),
    message: (id) =>
      calls.run({}, async ({ config }) =>
        messageDetails(messageWithId(check.text("id", id), openOutbox(config), config), config),
      ),
    cancel: (id) =>
      calls.run({}, async ({ config }) =>
        messageJson(cancelMessage(check.text("id", id), config).stored, config),
      ),
    status: () =>
      calls.run({}, async ({ config, env }) =>
        statusJson(await statusReport({ config, env, limit: LISTED }), config),
      ),
    inbox: (agent, options = {}) =>
      calls.run({}, async ({ config }) => {
        check.checkInbox(options);
        return inboxJson(inboxOf(check.text("agent", agent), config, options.unread ?? false));
      }),
    close: () => calls.close(),
  };
};

export const isRefused: IsRefused = (answer): answer is Refused =>
  "error" in answer && answer.error !== null && !("id" in answer);

function waiting(options: SendOptions) {
  const isLater = options.at !== undefined || options.in !== undefined;
  return { isWaiting: options.wait ?? !isLater, timeoutMs: check.timeoutOf(options) };
}

function bodyOf(text: unknown, { config }: Place, hearing: Hearing): string {
  const { body, removed } = checkedBody(check.text("text", text), config.delivery.maxBytes, EMPTY_HINT);
  if (removed > 0) hearing.warn(removedText(removed));
  return body;
}

function one<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error("one message was asked for and none answered");
  return first;
}

/** The calls of one object that are under way. */
class Calls {
  readonly #options: SwarmOptions;
  readonly #running = new Map<AbortController, Promise<unknown>>();
  readonly #followers = new Followers();
  #isClosed = false;

  constructor(options: SwarmOptions) {
    this.#options = options;
  }

  /** The workspace is found and read for each call, as commands do: what has changed meanwhile counts. */
  async run<T extends object>(
    options: object,
    ask: (place: Place, hearing: Hearing) => Promise<T>,
  ): Promise<(T & { readonly schema: 1 }) | Refused> {
    const stop = new AbortController();
    const signal = check.signalIn(options);
    const unfollow = signal && this.#followers.add(signal, stop);
    const answering = this.#answer(signal, stop, ask);
    this.#running.set(stop, answering);
    try {
      return { schema: 1, ...(await answering) };
    } catch (thrown) {
      return refusal(thrown);
    } finally {
      unfollow?.();
      this.#running.delete(stop);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#running.keys()) stop.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #answer<T>(
    signal: AbortSignal | undefined,
    stop: AbortController,
    ask: (place: Place, hearing: Hearing) => Promise<T>,
  ): Promise<T> {
    if (this.#isClosed)
      throw usageError("this swarm was closed; nothing was queued", "open another one: openSwarm()");
    if (signal?.aborted) throw aborted();
    check.checkSwarm(this.#options);
    const env = { ...process.env, ...this.#options.env };
    const tell = (kind: Note["kind"]) => (text: string) => this.#options.onNote?.({ kind, text });
    const hearing: Hearing = { note: tell("note"), warn: tell("warning"), signal: stop.signal };
    const { root } = rootOf(this.#options.root, env);
    return ask({ config: configOf(root, env), env }, hearing);
  }
}

/** What else goes wrong is a bug. */
const REFUSALS: readonly RefusalCode[] = [
  "usage",
  "configuration",
  "unknown_name",
  "not_stored",
  "interrupted",
];

function aborted(): SwarmError {
  return new SwarmError(
    EXIT.interrupted,
    "the signal was aborted before anything was done; nothing was queued",
    "give a signal that is not aborted yet",
  );
}

/** What a command would print. Throws what is a bug. */
function refusal(thrown: unknown): Refused {
  const { message, hint, problems, ...failure } = failureOf(thrown);
  const code = REFUSALS.find((known) => known === failure.code);
  if (code === undefined) throw thrown;
  return { schema: 1, error: { code, message, hint, ...(problems && { problems }) } };
}
