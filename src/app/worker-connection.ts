/** A connection to the worker's socket. */
import type { Socket } from "node:net";
import {
  LineSplitter,
  parseReply,
  type Reply,
  type Request,
  requestLine,
} from "../delivery/worker-protocol.ts";
import { workerSocketPath } from "./worker-address.ts";

export class WorkerConnection {
  readonly #socket: Socket;
  /** Resolves when the worker has ended, or the connection was closed here. */
  readonly closed: Promise<void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => resolve());
    });
    socket.on("error", () => socket.destroy());
  }

  send(request: Request): void {
    this.#socket.write(requestLine(request));
  }

  onReply(take: (reply: Reply) => void): void {
    const lines = new LineSplitter();
    this.#socket.setEncoding("utf8");
    this.#socket.on("data", (chunk: string) => {
      for (const line of lines.push(chunk) ?? []) {
        const reply = parseReply(line);
        if (reply) take(reply);
      }
    });
  }

  /** Sends what is still to be sent, and closes. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Connects to the workspace's worker; null when none listens. */
export function connectToWorker(root: string): Promise<WorkerConnection | null> {
  // Loaded only now: it is not free, and most commands need no connection.
  const { connect } = process.getBuiltinModule("node:net");
  return new Promise((resolve) => {
    const socket = connect(workerSocketPath(root));
    socket.once("connect", () => {
      socket.off("error", refused);
      resolve(new WorkerConnection(socket));
    });
    const refused = () => {
      socket.destroy();
      resolve(null);
    };
    socket.once("error", refused);
  });
}
