// Vendors' streaming protocols from the server's side, in a thread of its own: its work is not counted with the client's.
import { createServer } from "node:http";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { crc32 } from "node:zlib";

/** Starts the service; `url` answers every model call with as many tokens as its first prompt says. */
export async function startModelService() {
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise((done, failed) => {
    worker.once("message", done);
    worker.once("error", failed);
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => worker.terminate() };
}

const json = JSON.stringify;
const sse = (data, event) => Buffer.from(`${event === undefined ? "" : `event: ${event}\n`}data: ${json(data)}\n\n`);
const line = (data) => Buffer.from(`${json(data)}\n`);
const anthropic = (data) => sse(data, data.type);

/** What a stream consists of: its beginning, one event for a token, its end. */
const protocols = {
  openai: {
    type: "text/event-stream",
    begin: [],
    token: (text) =>
      sse({
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
      }),
    end: [
      sse({
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
      }),
      sse({
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
      Buffer.from("data: [DONE]\n\n"),
    ],
  },
  ollama: {
    type: "application/x-ndjson",
    begin: [],
    token: (text) =>
      line({
        model: "m",
        created_at: "2026-01-01T00:00:00Z",
        message: { role: "assistant", content: text },
        done: false,
      }),
    end: [
      line({
        model: "m",
        created_at: "2026-01-01T00:00:00Z",
        message: { role: "assistant", content: "" },
        done: true,
        done_reason: "stop",
        prompt_eval_count: 1,
        eval_count: 1,
      }),
    ],
  },
  anthropic: {
    type: "text/event-stream",
    begin: [
      anthropic({
        type: "message_start",
        message: {
          id: "m",
          type: "message",
          role: "assistant",
          model: "m",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      }),
      anthropic({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ],
    token: (text) => anthropic({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    end: [
      anthropic({ type: "content_block_stop", index: 0 }),
      anthropic({
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 1 },
      }),
      anthropic({ type: "message_stop" }),
    ],
  },
  gemini: {
    type: "text/event-stream",
    begin: [],
    token: (text) =>
      sse({ candidates: [{ content: { parts: [{ text }], role: "model" }, index: 0 }], modelVersion: "m" }),
    end: [
      sse({
        candidates: [{ content: { parts: [{ text: "" }], role: "model" }, finishReason: "STOP", index: 0 }],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
      }),
    ],
  },
  bedrock: {
    type: "application/vnd.amazon.eventstream",
    begin: [frame("messageStart", { role: "assistant" })],
    token: (text) => frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } }),
    end: [
      frame("contentBlockStop", { contentBlockIndex: 0 }),
      frame("messageStop", { stopReason: "end_turn" }),
      frame("metadata", { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 }, metrics: { latencyMs: 1 } }),
    ],
  },
};

/** An event of AWS's binary stream: lengths, headers, payload, checksums. */
function frame(name, body) {
  const headers = Buffer.concat(
    Object.entries({ ":event-type": name, ":content-type": "application/json", ":message-type": "event" }).map(
      ([key, value]) => {
        const size = Buffer.alloc(2);
        size.writeUInt16BE(value.length);
        return Buffer.concat([Buffer.from([key.length]), Buffer.from(key), Buffer.from([7]), size, Buffer.from(value)]);
      },
    ),
  );
  const payload = Buffer.from(json(body));
  const total = 12 + headers.length + payload.length + 4;
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const head = Buffer.concat([prelude, headers, payload]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(head));
  return Buffer.concat([head, sum]);
}

function protocolOf(url) {
  if (url.includes("/chat/completions")) return protocols.openai;
  if (url.includes("/api/chat")) return protocols.ollama;
  if (url.includes("/v1/messages")) return protocols.anthropic;
  if (url.includes(":streamGenerateContent")) return protocols.gemini;
  return protocols.bedrock;
}

async function answer(request, response) {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece;
  const count = Number(/(\d+) tokens/.exec(body)?.[1]);
  const { type, begin, token, end } = protocolOf(request.url);
  response.writeHead(200, { "content-type": type });
  for (const event of begin) response.write(event);
  // As services do: an event at a time, as each token is there.
  for (let index = 0; index < count; index += 1) {
    response.write(token(` word${index % 10}`));
    if (index % 8 === 7) await new Promise(setImmediate);
  }
  for (const event of end) response.write(event);
  response.end();
}

if (!isMainThread) {
  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => parentPort?.postMessage(server.address().port));
}
