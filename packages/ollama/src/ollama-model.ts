import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import { endsWithin, ToolNames } from "@strands/provider-kit";
import type { ChatRequest, Ollama } from "ollama";
import { mapOllamaError, secretsOf } from "./map-ollama-error.js";
import { OllamaAnswer } from "./ollama-answer.js";
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
      const answer = new OllamaAnswer(request, names);
      for await (const part of await client.chat({ ...toChatRequest(request, this.modelId, names), stream: true })) {
        const text = answer.add(part);
        if (text !== "") yield text;
        if (answer.complete) break;
      }
      yield* answer.end();
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
