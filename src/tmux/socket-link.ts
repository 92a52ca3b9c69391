/**
 * Commands over a connection of our own to the server's socket, one for each request, as tmux's own client makes it: no
 * process is started, and no client attaches. One in control mode would do it too, but every server before 3.7 dies, with
 * all that runs in it, when it has something to tell such a client that has not yet said who it is (tmux c51da105): two
 * that come and go at once are enough, seen here within 90 connections.
 */
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { ANSWER_MS, type Answer, argvOf, type Link, linesOf, noAnswer, refusal } from "./link.ts";
import {
  commandOf,
  inputOf,
  introduction,
  type Message,
  messageReader,
  readyFor,
  streamOf,
  TYPE,
} from "./wire.ts";

const STDOUT = 1;
const STDERR = 2;

export function socketLink(path: string): Link {
  return {
    run(commands, buffer) {
      const request = commandOf(argvOf(commands, buffer));
      if (request === null) return Promise.resolve(refusal("the command is too long for tmux"));
      return ask(path, request, buffer?.text ?? "");
    },
  };
}

/** Where tmux has the socket of `-L NAME`; a path (`-S`) is one already. */
export function socketPath(socket: string): string {
  if (socket.includes("/")) return socket;
  const folders = [process.env["TMUX_TMPDIR"] ?? "", "/tmp"];
  const folder = folders.find((path) => existsSync(path)) ?? "/tmp";
  return join(folder, `tmux-${process.getuid?.() ?? 0}`, socket);
}

function ask(path: string, request: Buffer, input: string): Promise<Answer> {
  return new Promise((resolve) => {
    const connection = connect(path);
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      connection.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(noAnswer()), ANSWER_MS);
    const read = messageReader(answering(connection, input, finish));
    connection.on("connect", () => connection.write(Buffer.concat([introduction(), request])));
    connection.on("data", (chunk: Buffer) => {
      if (!read(chunk)) finish(refusal("tmux sent what no client of it understands", true));
    });
    connection.on("error", (cause) => finish(refusal(reasonOf(cause, path))));
    connection.on("close", () => finish(refusal("the tmux server has ended the connection", true)));
  });
}

/** What a client does about each message of the server. */
function answering(
  connection: Socket,
  input: string,
  finish: (answer: Answer) => void,
): (message: Message) => void {
  const printed = new Map<number, Buffer[]>();
  const textOf = (stream: number) => Buffer.concat(printed.get(stream) ?? []).toString("utf8");
  return ({ type, data }) => {
    switch (type) {
      case TYPE.writeOpen:
        printed.set(streamOf(data), []);
        return void connection.write(readyFor(streamOf(data)));
      case TYPE.write:
        return void printed.get(streamOf(data))?.push(Buffer.from(data.subarray(4)));
      case TYPE.readOpen:
        return void connection.write(inputOf(streamOf(data), input));
      case TYPE.exit: {
        const code = streamOf(data);
        if (code === 0) return finish({ ok: true, lines: linesOf(textOf(STDOUT)) });
        return finish(refusal(textOf(STDERR).trim() || `tmux ended with ${code}`));
      }
      case TYPE.shutdown:
        return finish(refusal("the tmux server has ended"));
      case TYPE.writeClose:
      case TYPE.readCancel:
        return;
      default:
        return finish(refusal(`tmux sent a message of an unknown kind (${type})`, true));
    }
  };
}

function reasonOf(cause: NodeJS.ErrnoException, path: string): string {
  const isDown = cause.code === "ENOENT" || cause.code === "ECONNREFUSED";
  return isDown ? `no server is running on ${path}` : `${path}: ${cause.message}`;
}
