/** `send --stdin-ndjson`: many messages from one process. A line in, a line out: each answer names the line that it is of. */
import { waitForEnd } from "../app/client.ts";
import { openOutbox } from "../app/compose.ts";
import type { Config } from "../config/config.ts";
import { EXIT, type ExitCode } from "../domain/errors.ts";
import type { Message } from "../domain/message.ts";
import { initialState, isFinished, type MessageState } from "../domain/status.ts";
import { accept } from "../library/accept.ts";
import { failureOf, usageError } from "../library/failure.ts";
import { messageJson } from "../library/message-json.ts";
import { startDelivery } from "../library/start-delivery.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import { fieldsOf, messageOf } from "./ndjson-message.ts";
import { combinedExitCode, exitCodeOf } from "./outcome.ts";
import { writeOut } from "./output.ts";
import type { SendOptions } from "./send-options.ts";
import { tellResult } from "./sent-report.ts";
import type { Session } from "./session.ts";

/** Each is a connection to the worker. */
const MOST_WAITS = 8;
const NEWLINE = 0x0a;
/** Bytes of JSON for one of a text (`\u0001`), and for all that is not the text. */
const MOST_ESCAPED = 6;
const LINE_SLACK = 65_536;
const BAD: readonly ExitCode[] = [EXIT.notStored, EXIT.bug, EXIT.failed, EXIT.unconfirmed];

interface Asked {
  readonly line: number;
  readonly ref: unknown;
  readonly message: Message;
}

/** `defaults`: of the command line, for what a line does not say. */
export async function sendStream(session: Session, config: Config, defaults: SendOptions): Promise<ExitCode> {
  const stream = new SendStream(session, config, defaults);
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    await stream.run(process.stdin, interrupt.signal);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  return interrupt.signal.aborted ? EXIT.interrupted : stream.exitCode();
}

class SendStream {
  readonly #session: Session;
  readonly #config: Config;
  readonly #defaults: SendOptions;
  readonly #outbox: ReturnType<typeof openOutbox>;
  readonly #codes = new Set<ExitCode>();
  /** Accepted, and not waited for yet. */
  #next: Asked[] = [];
  readonly #waits = new Set<Promise<void>>();
  #lines = 0;
  /** The line that is being read was refused as too long. */
  #isSkipping = false;
  /** Accepted, and not to be waited for. */
  #isWorkerNeeded = false;

  constructor(session: Session, config: Config, defaults: SendOptions) {
    this.#session = session;
    this.#config = config;
    this.#defaults = defaults;
    this.#outbox = openOutbox(config);
  }

  /** Resolves when the input has ended and each line was answered, or `signal` is aborted. */
  async run(input: NodeJS.ReadStream, signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => input.destroy(), { once: true });
    let rest: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of input) {
        rest = Buffer.concat([rest, Buffer.from(chunk)]);
        for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
          this.#take(rest.subarray(0, end));
          rest = rest.subarray(end + 1);
        }
        rest = this.#withinLimit(rest);
        await this.#goOn(signal);
      }
      if (rest.length > 0) this.#take(rest);
      await this.#goOn(signal);
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
    while (this.#next.length + this.#waits.size > 0) {
      this.#wait(signal);
      await Promise.race(this.#waits);
    }
  }

  /** What was accepted is waited for, or at least delivered, also while the input goes on. */
  async #goOn(signal: AbortSignal): Promise<void> {
    this.#wait(signal);
    if (!this.#isWorkerNeeded) return;
    this.#isWorkerNeeded = false;
    await startDelivery({ config: this.#config, env: this.#session.env }, this.#session);
  }

  /** A line that can hold no message is refused at once, and the rest of it is passed over. */
  #withinLimit(rest: Buffer): Buffer {
    const longest = this.#config.delivery.maxBytes * MOST_ESCAPED + LINE_SLACK;
    if (rest.length <= longest) return rest;
    if (!this.#isSkipping) this.#refuse({ line: this.#lines + 1, ref: undefined }, tooLong(longest));
    this.#isSkipping = true;
    return Buffer.alloc(0);
  }

  /** 75, 70, 1, 6; then 2 or 3 where a line was refused; then 5, 4, 0. */
  exitCode(): ExitCode {
    const worst = combinedExitCode([...this.#codes]);
    const refused = [EXIT.usage, EXIT.unknownName].find((code) => this.#codes.has(code));
    return BAD.includes(worst) ? worst : (refused ?? worst);
  }

  /** Blank lines are none. */
  #take(line: Buffer): void {
    this.#lines += 1;
    const isRest = this.#isSkipping;
    this.#isSkipping = false;
    if (isRest) return;
    if (line.toString("latin1").trim() === "") return;
    const fields = fieldsOf(line);
    const at = { line: this.#lines, ref: fields?.ref };
    try {
      const asked = messageOf(fields, this.#defaults, this.#config, this.#session.env);
      const [first] = accept(this.#outbox, [asked], false);
      if (!first) throw new Error("one message was asked for and none accepted");
      const { message, isDuplicate } = first;
      const state = (isDuplicate && this.#outbox.find(message.id)?.state) || initialState(message.acceptedAt);
      // What is to come later is not waited for: neither its sender nor the lines behind it.
      const isWaiting = this.#defaults.isWaiting && asked.notBefore === null;
      this.#isWorkerNeeded ||= !isWaiting;
      if (isWaiting && !isFinished(state.status)) this.#next.push({ ...at, message });
      else this.#answer({ ...at, message }, state, isWaiting ? exitCodeOf(state) : EXIT.done);
    } catch (thrown) {
      this.#refuse(at, thrown);
    }
  }

  #refuse(at: Pick<Asked, "line" | "ref">, thrown: unknown): void {
    const { exitCode, code, message, hint } = failureOf(thrown);
    if (exitCode === EXIT.bug) throw thrown;
    this.#codes.add(exitCode);
    print(at, { error: { code, message, hint } });
  }

  #wait(signal: AbortSignal): void {
    if (this.#next.length === 0 || this.#waits.size >= MOST_WAITS) return;
    const asked = new Map(this.#next.map((one) => [one.message.id, one]));
    this.#next = [];
    const wait = this.#answerAll(asked, signal).finally(() => this.#waits.delete(wait));
    this.#waits.add(wait);
  }

  async #answerAll(asked: Map<string, Asked>, signal: AbortSignal): Promise<void> {
    const answer = (id: string, state: MessageState | undefined) => {
      const one = asked.get(id);
      if (!one) return;
      asked.delete(id);
      const known = state ?? initialState(one.message.acceptedAt);
      this.#answer(one, known, exitCodeOf(known));
    };
    const onChange = (id: string, state: MessageState) =>
      void (isFinished(state.status) && answer(id, state));
    const { timeoutMs } = this.#defaults;
    const wait = { root: this.#config.root, outbox: this.#outbox, timeoutMs, signal, onChange };
    const ends = await waitForEnd([...asked.keys()], wait).catch((cause: unknown) => {
      if (!isSystemError(cause)) throw cause;
      this.#session.warn(`accepted, but no worker could be reached: ${reasonOf(cause)}`);
      return new Map<string, MessageState>();
    });
    for (const id of [...asked.keys()]) answer(id, ends.get(id));
  }

  #answer({ message, ...at }: Asked, state: MessageState, code: ExitCode): void {
    this.#codes.add(code);
    const sent = { message, state };
    tellResult(this.#session, [sent], () => print(at, messageJson(sent, this.#config)));
  }
}

function tooLong(longest: number) {
  return usageError(
    `the line has more than ${longest} bytes; nothing was queued`,
    "put a line break behind each object, or the text into a file, and send its path",
  );
}

function print({ line, ref }: Pick<Asked, "line" | "ref">, answer: object): void {
  writeOut(`${JSON.stringify({ schema: 1, line, ...(ref !== undefined && { ref }), ...answer })}\n`);
}
