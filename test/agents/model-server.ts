/**
 * A model server of the test's own on loopback, which speaks as much of the Gemini API as the agents need. What it
 * receives is the truth about what arrived.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ModelServer {
  readonly url: string;
  /** Texts of the user's own turns, once each, in the order in which they were first seen. */
  texts(): readonly string[];
  close(): Promise<void>;
}

interface Turn {
  readonly role?: string;
  readonly parts?: readonly { readonly text?: string }[];
}

export async function startModelServer(): Promise<ModelServer> {
  const turns: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, (body) => {
      // Agents ask for titles and routing with the same text, in requests without tools.
      if (!("tools" in body)) return;
      const own =
        (body["contents"] as readonly Turn[] | undefined)?.filter(({ role }) => role === "user") ?? [];
      const texts = own.map(({ parts = [] }) => parts.map(({ text = "" }) => text).join(""));
      turns.splice(0, turns.length, ...(texts.length > turns.length ? texts : turns));
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

function isJsonWanted(body: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify(body["generationConfig"] ?? {}).includes("application/json");
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  onBody: (body: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Readonly<
    Record<string, unknown>
  >;
  const url = request.url ?? "";
  if (url.includes("countTokens")) {
    response.end(JSON.stringify({ totalTokens: 10 }));
    return;
  }
  onBody(body);
  const reply = {
    candidates: [
      {
        content: { role: "model", parts: [{ text: isJsonWanted(body) ? "{}" : "Done." }] },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 1, totalTokenCount: 11 },
  };
  if (url.includes("streamGenerateContent")) {
    response.setHeader("content-type", "text/event-stream");
    response.end(`data: ${JSON.stringify(reply)}\n\n`);
  } else {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(reply));
  }
}
