/**
 * The messages between tmux and its own clients (protocol 8, of every tmux since 1.9, 2014): a header of four 32-bit words, and
 * data. Told in tmux-protocol.h; the words are in the order of bytes of the machine, which is little-endian here.
 */

/** What the server of tmux 3.2 and later understands and says to a client that attaches to no session. */
export const TYPE = {
  identifyFlags: 100,
  identifyTerm: 101,
  identifyTtyName: 102,
  identifyDone: 106,
  identifyPid: 107,
  identifyCwd: 108,
  identifyLongFlags: 111,
  command: 200,
  exit: 203,
  shutdown: 209,
  readOpen: 300,
  read: 301,
  readDone: 302,
  writeOpen: 303,
  write: 304,
  writeReady: 305,
  writeClose: 306,
  readCancel: 307,
} as const;

export interface Message {
  readonly type: number;
  readonly data: Buffer;
}

const PROTOCOL = 8;
/** Of one message, with its header. */
const MOST_BYTES = 16_384;
const HEADER_BYTES = 16;
/** What is not counted: a mark for descriptors that come along. */
const LENGTH_MASK = 0xffff;
/** The client understands UTF-8: its answers are not made ASCII. */
const UTF8 = 0x1_0000;

function message(type: number, ...parts: readonly Buffer[]): Buffer {
  const data = Buffer.concat(parts);
  return Buffer.concat([words(type, HEADER_BYTES + data.length, PROTOCOL, process.pid), data]);
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) buffer.writeUInt32LE(value, i * 4);
  return buffer;
}

/** Who asks: a client without a terminal, as a script would be. */
export function introduction(): Buffer {
  return Buffer.concat([
    message(TYPE.identifyFlags, words(UTF8)),
    message(TYPE.identifyLongFlags, words(UTF8, 0)),
    message(TYPE.identifyTerm, text("dumb")),
    message(TYPE.identifyTtyName, text("")),
    message(TYPE.identifyCwd, text("/")),
    message(TYPE.identifyPid, words(process.pid)),
    message(TYPE.identifyDone),
  ]);
}

/** The words of one request; null: too long for a message. */
export function commandOf(argv: readonly string[]): Buffer | null {
  const request = message(TYPE.command, words(argv.length), ...argv.map(text));
  return request.length <= MOST_BYTES ? request : null;
}

/** A text that the server reads from the client's standard input, and its end. */
export function inputOf(stream: number, input: string): Buffer {
  const bytes = Buffer.from(input, "utf8");
  const most = MOST_BYTES - HEADER_BYTES - 4;
  const pieces = Array.from({ length: Math.ceil(bytes.length / most) }, (_, i) =>
    message(TYPE.read, words(stream), bytes.subarray(i * most, (i + 1) * most)),
  );
  return Buffer.concat([...pieces, message(TYPE.readDone, words(stream, 0))]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, "utf8");
}

export function readyFor(stream: number): Buffer {
  return message(TYPE.writeReady, words(stream, 0));
}

/** The first word of a message's data: its stream, or the code with which the client is to end. */
export function streamOf(data: Buffer): number {
  return data.length >= 4 ? data.readUInt32LE(0) : 0;
}

/** Calls `onMessage` for each message in what arrives. Returns false once that can't be one of this protocol. */
export function messageReader(onMessage: (message: Message) => void): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt32LE(4) & LENGTH_MASK;
      const isOne = length >= HEADER_BYTES && length <= MOST_BYTES && rest.readUInt8(8) === PROTOCOL;
      if (!isOne) return false;
      if (rest.length < length) return true;
      const type = rest.readUInt32LE(0);
      const data = rest.subarray(HEADER_BYTES, length);
      rest = rest.subarray(length);
      onMessage({ type, data });
    }
    return true;
  };
}
