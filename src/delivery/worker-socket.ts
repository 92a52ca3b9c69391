/** The worker's socket: takes hints, and tells those who wait what becomes of their messages. */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { isFinished, type MessageState } from "../domain/status.ts";
import { hasSpareFiles } from "../support/spare-files.ts";
import { LineSplitter, parseRequest, type Reply, type Request, replyLine } from "./worker-protocol.ts";

/** Files that are kept free of connections: those who wait must not take what deliveries need. */
const KEPT_FILES = 6;

export interface WorkerSocketDeps {
  readonly path: string;
  readonly pid: number;
  readonly onHint: () => void;
  /** How the message has ended for good, if that is known without looking. */
  readonly endOf: (id: string) => MessageState | null;
}

export class WorkerSocket {
  readonly #deps: WorkerSocketDeps;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #watchers = new Map<string, Set<Socket>>();
  constructor(deps: WorkerSocketDeps) {
    this.#deps = deps;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** Starts to listen. Only for the holder of the worker lock: what an earlier worker left is removed. */
  async listen(): Promise<void> {
    const { path } = this.#deps;
    if (process.platform !== "win32") rmSync(path, { force: true, recursive: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    // Running out of descriptors fails an accept now and then; whoever was refused tries again.
    this.#server.on("error", () => undefined);
    if (process.platform !== "win32") chmodSync(path, 0o600);
  }

  /** Tells all who watch this message; when it has ended, they watch it no longer. */
  publish(id: string, state: MessageState): void {
    for (const client of this.#watchers.get(id) ?? []) send(client, { op: "event", id, state });
    if (isFinished(state.status)) this.#watchers.delete(id);
  }

  /** The ids that somebody watches. */
  watched(): Iterable<string> {
    return this.#watchers.keys();
  }

  /** Stops listening and ends all connections: whoever waits sees it at once. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #serve(client: Socket): void {
    if (!hasSpareFiles(KEPT_FILES)) return void client.destroy(); // it asks again a little later
    this.#clients.add(client);
    const watched = new Set<string>();
    const lines = new LineSplitter();
    client.setEncoding("utf8");
    client.on("data", (chunk: string) => {
      const requests = lines.push(chunk)?.map(parseRequest) ?? [null];
      for (const request of requests) {
        if (request === null) return void client.destroy();
        this.#take(client, watched, request);
      }
    });
    client.on("error", () => client.destroy());
    client.on("close", () => {
      this.#clients.delete(client);
      for (const id of watched) this.#unwatch(id, client);
    });
  }

  #take(client: Socket, watched: Set<string>, request: Request): void {
    switch (request.op) {
      case "who":
        send(client, { op: "worker", pid: this.#deps.pid });
        break;
      case "watch":
        for (const id of request.ids) this.#watch(id, client, watched);
        this.#deps.onHint();
        break;
      case "hint":
        this.#deps.onHint();
        break;
      default:
        request satisfies never;
    }
  }

  #watch(id: string, client: Socket, watched: Set<string>): void {
    const end = this.#deps.endOf(id);
    if (end) {
      send(client, { op: "event", id, state: end });
      return;
    }
    watched.add(id);
    const watchers = this.#watchers.get(id);
    if (watchers) watchers.add(client);
    else this.#watchers.set(id, new Set([client]));
  }

  #unwatch(id: string, client: Socket): void {
    const watchers = this.#watchers.get(id);
    watchers?.delete(client);
    if (watchers?.size === 0) this.#watchers.delete(id);
  }
}

function send(client: Socket, reply: Reply): void {
  if (!client.destroyed) client.write(replyLine(reply));
}
