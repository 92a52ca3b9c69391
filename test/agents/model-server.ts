/**
 * A model server of the test's own on loopback, which speaks as much of three model APIs as the agents need. What it
 * receives is the truth about what arrived.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { apiOf, type Body } from "./model-apis.ts";

export interface ModelServer {
  readonly url: string;
  /** Texts of the user's own turns, once each, in the order in which they were first seen. */
  texts(): readonly string[];
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  let turns: readonly string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const api = apiOf(request.url ?? "");
      if (!api) {
        response.writeHead(404).end("{}");
        return;
      }
      // Agents ask for titles and routing with the same text, in requests without tools.
      const texts = hasTools(body) ? api.userTexts(body) : [];
      if (texts.length > turns.length) turns = texts;
      const { type, text } = api.reply(request.url ?? "", body);
      response.writeHead(200, { "content-type": type }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    texts: () => turns,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function hasTools({ tools }: Body): boolean {
  return Array.isArray(tools) && tools.length > 0;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Body;
  } catch {
    return {};
  }
}
