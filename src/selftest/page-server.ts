/** Serves the pages on loopback, and keeps what they tell: the truth about what was submitted where. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { type PageText, pageHtml } from "./page.ts";
import { ready } from "./until.ts";

export interface Told {
  readonly page: string;
  /** `key`: any key that reached it. `done`: an order was carried out, and `text` is what the composer holds. */
  readonly what: "painted" | "focus" | "key" | "paste" | "swallowed" | "submit" | "done";
  readonly text?: string;
  readonly number?: number;
}

export interface Order {
  /** Puts this into the composer. */
  readonly draft?: string;
  /** Ignores so many Enters from now on. */
  readonly swallow?: number;
}

export interface PageServer {
  address(page: string): string;
  told(): readonly Told[];
  submitted(page: string): readonly string[];
  /** Called at once for whatever a page tells; the page stands still until it has resolved. */
  onTold(listener: Listener): () => void;
  /** Returns what the composer holds after it. */
  order(page: string, order: Order): Promise<string>;
  stop(): void;
}

type Listener = (told: Told) => Promise<void>;

const ORDER_MS = 5_000;

/** `texts` by page. */
export async function servePages(
  texts: Readonly<Record<string, PageText>>,
  signal: AbortSignal,
): Promise<PageServer> {
  // Other users of this machine reach the port, too.
  const key = randomBytes(16).toString("hex");
  const log: Told[] = [];
  const listeners = new Set<Listener>();
  const streams = new Map<string, ServerResponse>();
  let lastNumber = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://page");
    const page = url.searchParams.get("page") ?? "";
    const text = texts[page];
    if (url.searchParams.get("key") !== key) return void response.writeHead(404).end();
    if (url.pathname === "/told") {
      const told = JSON.parse(await readAll(request)) as Told;
      log.push(told);
      await Promise.all([...listeners].map((listener) => listener(told)));
      return void response.writeHead(204).end();
    }
    if (text === undefined) return void response.writeHead(404).end();
    if (url.pathname === "/orders") {
      streams.set(page, response);
      return void response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(pageHtml(page, text, key));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: (page) => `http://127.0.0.1:${port}/?page=${page}&key=${key}`,
    told: () => log,
    submitted: (page) =>
      log.flatMap((each) => (each.page === page && each.what === "submit" ? [each.text ?? ""] : [])),
    onTold(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async order(page, order) {
      const number = ++lastNumber;
      const stream = await ready(`window ${page}`, ORDER_MS, signal, () => streams.get(page) ?? null);
      stream.write(`data: ${JSON.stringify({ number, ...order })}\n\n`);
      const done = await ready(
        `window ${page}`,
        ORDER_MS,
        signal,
        () => log.find((each) => each.number === number) ?? null,
      );
      return done.text ?? "";
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
