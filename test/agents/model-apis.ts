/** What three model APIs (Gemini, Anthropic's messages, OpenAI's responses) look like on the wire, as far as a short answer goes. */

export type Body = Readonly<Record<string, unknown>>;

interface Reply {
  readonly type: string;
  readonly text: string;
}

interface Api {
  userTexts(body: Body): readonly string[];
  reply(url: string, body: Body): Reply;
}

const ANSWER = "Done.";

/** Null: of a path that none of them has. */
export function apiOf(url: string): Api | null {
  if (/:(?:streamG|g)enerateContent|:countTokens/.test(url)) return GEMINI;
  if (/\/messages\b/.test(url)) return ANTHROPIC;
  if (/\/responses\b/.test(url)) return OPENAI;
  return null;
}

const GEMINI: Api = {
  userTexts: (body) => textsOf(body["contents"], "parts"),
  reply(url, body) {
    if (url.includes(":countTokens")) return json({ totalTokens: 10 });
    const isJsonWanted = JSON.stringify(body["generationConfig"] ?? {}).includes("application/json");
    const parts = [{ text: isJsonWanted ? "{}" : ANSWER }];
    const answer = {
      candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 1, totalTokenCount: 11 },
    };
    return url.includes(":stream") ? events([["", answer]]) : json(answer);
  },
};

const ANTHROPIC: Api = {
  userTexts: (body) => textsOf(body["messages"], "content"),
  reply(url, { model, stream }) {
    if (url.includes("count_tokens")) return json({ input_tokens: 10 });
    const usage = { input_tokens: 10, output_tokens: 1 };
    const start = { id: "msg_1", type: "message", role: "assistant", model, stop_sequence: null, usage };
    const text = { type: "text", text: ANSWER };
    if (stream !== true) return json({ ...start, content: [text], stop_reason: "end_turn" });
    return events([
      ["message_start", { message: { ...start, content: [], stop_reason: null } }],
      ["content_block_start", { index: 0, content_block: { type: "text", text: "" } }],
      ["content_block_delta", { index: 0, delta: { type: "text_delta", text: ANSWER } }],
      ["content_block_stop", { index: 0 }],
      ["message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage }],
      ["message_stop", {}],
    ]);
  },
};

const OPENAI: Api = {
  userTexts: (body) => textsOf(body["input"], "content"),
  reply(_url, { model }) {
    const content = [{ type: "output_text", text: ANSWER, annotations: [] }];
    const item = { id: "item_1", type: "message", role: "assistant", status: "completed", content };
    const response = { id: "resp_1", object: "response", created_at: 1, model };
    const usage = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 11,
    };
    return events([
      ["response.created", { response: { ...response, status: "in_progress", output: [] } }],
      ["response.output_item.added", { output_index: 0, item: { ...item, content: [] } }],
      ["response.output_text.delta", { item_id: "item_1", output_index: 0, content_index: 0, delta: ANSWER }],
      ["response.output_item.done", { output_index: 0, item }],
      ["response.completed", { response: { ...response, status: "completed", output: [item], usage } }],
    ]);
  },
};

interface Turn {
  readonly role?: string;
  readonly [part: string]: unknown;
}

/** `part`: the name under which a turn has its content, which is a text or a list of pieces with a text. */
function textsOf(turns: unknown, part: string): readonly string[] {
  if (!Array.isArray(turns)) return [];
  return (turns as readonly Turn[])
    .filter(({ role }) => role === "user")
    .map((turn) => {
      const content = turn[part];
      if (!Array.isArray(content)) return String(content ?? "");
      return (content as readonly { readonly text?: string }[]).map(({ text = "" }) => text).join("");
    });
}

function json(answer: unknown): Reply {
  return { type: "application/json", text: JSON.stringify(answer) };
}

function events(list: readonly (readonly [string, Body | object])[]): Reply {
  const lines = list.map(([type, data], i) =>
    type === ""
      ? `data: ${JSON.stringify(data)}\n\n`
      : `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: i, ...data })}\n\n`,
  );
  return { type: "text/event-stream", text: lines.join("") };
}
