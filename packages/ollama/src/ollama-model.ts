import type { Model, ModelChunk, ModelRequest, Usage } from "@strands/core";
import type { ToolCallPiece } from "@strands/provider-kit";
import { endsWithin, ToolCallParts, ToolNames } from "@strands/provider-kit";
import type { ChatRequest, ChatResponse, Ollama } from "ollama";
import { mapFinishReason } from "./map-finish-reason.js";
import { mapOllamaError, secretsOf } from "./map-ollama-error.js";
import { OllamaFailure } from "./ollama-failure.js";
import { OllamaFetch } from "./ollama-fetch.js";
import { ollamaIdentity } from "./ollama-identity.js";
import { toOllamaMessages, toOllamaTools } from "./to-ollama-messages.js";

/** What a model needs of its provider. */
export interface OllamaModelSettings {
  readonly modelId: string;
  readonly host: string;
  /** Bounds what it reads and follows no redirect. */
  readonly fetch: typeof globalThis.fetch;
  /** Loads the SDK. */
  readonly sdk: () => Promise<{ readonly Ollama: typeof Ollama }>;
  /** The headers of a request, which hold the key. */
  readonly headersOf: () => Promise<Record<string, string>>;
}

/** How long a server may take to end a response whose last line has come. */
const endMs = 100;

export class OllamaModel implements Model {
  readonly provider: string = ollamaIdentity.name;
  readonly modelId: string;
  readonly #settings: OllamaModelSettings;

  constructor(settings: OllamaModelSettings) {
    this.modelId = settings.modelId;
    this.#settings = settings;
  }

  async *stream(request: ModelRequest, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<ModelChunk> {
    const { host, fetch, sdk, headersOf } = this.#settings;
    const http = new OllamaFetch(fetch, signal);
    let headers: Record<string, string> = {};
    try {
      const { Ollama } = await sdk();
      headers = await headersOf();
      const names = new ToolNames(request.tools.map(({ name }) => name));
      // One client per call: it is little more than its `fetch`, which must know the signal. Connections are pooled below it.
      const client = new Ollama({ host, headers, fetch: http.lines });
      const answer = await client.chat({ ...toChatRequest(request, this.modelId, names), stream: true });
      yield* chunksOf(answer, request, names);
      await endsWithin(endMs, http.drain());
    } catch (error) {
      if (signal.aborted) return;
      throw mapOllamaError(error, { request, modelId: this.modelId, host, secrets: secretsOf(headers) });
    } finally {
      await http.stop();
    }
  }
}

function toChatRequest(request: ModelRequest, model: string, names: ToolNames): ChatRequest {
  const { temperature, topP, maxTokens, outputSchema } = request;
  const tools = toOllamaTools(request, names);
  const options = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
  };
  return {
    model,
    messages: toOllamaMessages(request, names),
    ...(tools.length === 0 ? {} : { tools }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    // A schema holds for every token, so that a model under one can never call a tool: with tools, the engine alone checks.
    ...(outputSchema === undefined || tools.length > 0 ? {} : { format: outputSchema }),
  };
}

async function* chunksOf(
  answer: AsyncIterable<ChatResponse>,
  request: ModelRequest,
  names: ToolNames,
): AsyncGenerator<ModelChunk> {
  const parts = new ToolCallParts();
  // Old servers give no ids: one is made from the place in the whole conversation, so that it does not come twice.
  let place = request.messages.reduce((sum, message) => sum + callsOf(message), 0);
  for await (const part of answer) {
    // What a reasoning model thinks comes apart from the text, and stays there.
    const { content, tool_calls } = part.message ?? {};
    if (typeof content === "string" && content !== "") yield content;
    for (const call of tool_calls ?? []) {
      parts.add(place, toolCallPiece(call, names));
      place += 1;
    }
    if (!part.done) continue;
    for (const call of parts.finish()) yield { type: "tool_call", call };
    const usage = usageOf(part);
    if (usage !== undefined) yield { type: "usage", usage };
    yield { type: "finish", reason: mapFinishReason(part.done_reason, !parts.empty) };
    return;
  }
  throw new OllamaFailure("cut_off", "the answer ended before its last line");
}

function callsOf(message: ModelRequest["messages"][number]): number {
  return message.role === "assistant" ? (message.toolCalls ?? []).length : 0;
}

/** Arguments come as an object; some servers before Ollama send JSON text. */
function toolCallPiece(call: { readonly id?: unknown; readonly function?: unknown }, names: ToolNames): ToolCallPiece {
  const { name, arguments: input = {} } = (call.function ?? {}) as { name?: unknown; arguments?: unknown };
  if (typeof name !== "string") throw new OllamaFailure("unreadable", "a tool call without a name");
  return {
    ...(typeof call.id === "string" ? { id: call.id } : {}),
    name: names.fromProvider(name),
    text: typeof input === "string" ? input : JSON.stringify(input),
  };
}

function usageOf({ prompt_eval_count: input, eval_count: output }: Partial<ChatResponse>): Usage | undefined {
  if (input === undefined && output === undefined) return undefined;
  return { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}
