import type { GoogleGenAI } from "@google/genai";
import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import type { ServiceConnection } from "@strands/provider-kit";
import { follow, promptsOf, providerFailure } from "@strands/provider-kit";
import { GeminiAnswer } from "./gemini-answer.js";
import { geminiIdentity } from "./gemini-identity.js";
import { toGeminiRequest } from "./gemini-request.js";
import { mapGeminiError } from "./map-gemini-error.js";

/** The SDK's client, and the `fetch` that it was given. */
export interface GeminiClient {
  readonly sdk: GoogleGenAI;
  readonly fetch: typeof globalThis.fetch;
}

/** A model behind `generateContent`. */
export class GeminiModel implements Model {
  readonly provider: string = geminiIdentity.name;
  readonly modelId: string;
  readonly #connection: ServiceConnection<GeminiClient>;

  constructor(modelId: string, connection: ServiceConnection<GeminiClient>) {
    this.modelId = modelId;
    this.#connection = connection;
  }

  async *stream(request: ModelRequest, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<ModelChunk> {
    if (signal.aborted) return;
    const call = new Call(request.modelId ?? this.modelId);
    const unfollow = follow(signal, call.controller);
    let key: string | undefined;
    try {
      key = await this.#connection.apiKey();
      const { sdk, fetch } = await this.#connection.client(key);
      const transport = { abortSignal: call.controller.signal, httpOptions: { fetch: call.watch(fetch) } };
      const { parameters, names } = toGeminiRequest(request, call.modelId, transport);
      const answer = new GeminiAnswer(names, callsIn(request));
      for await (const piece of await sdk.models.generateContentStream(parameters)) {
        const text = answer.take(piece);
        if (text !== "") yield text;
      }
      if (!answer.complete) throw call.failure("PROVIDER_UNAVAILABLE");
      if (answer.malformedCall) throw call.failure("PROVIDER_BAD_RESPONSE", "a tool call that Gemini could not read");
      for (const chunk of answer.finish()) yield chunk;
    } catch (error) {
      if (signal.aborted) return;
      const { modelId, response } = call;
      const { baseUrl: host } = this.#connection;
      throw mapGeminiError(error, { modelId, host, response, secrets: [key], prompts: promptsOf(request) });
    } finally {
      unfollow();
      // The SDK leaves a stream open that is not read to its end.
      call.controller.abort();
    }
  }
}

/** One call and what came of it on the wire: the SDK's errors do not hold the headers. */
class Call {
  readonly modelId: string;
  readonly controller: AbortController = new AbortController();
  response: Response | undefined;

  constructor(modelId: string) {
    this.modelId = modelId;
  }

  watch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (...request) => {
      this.response = await fetch(...request);
      return this.response;
    };
  }

  /** For what passes by asking again, since the model answers differently each time. */
  failure(code: "PROVIDER_UNAVAILABLE" | "PROVIDER_BAD_RESPONSE", message?: string): Error {
    const { modelId } = this;
    return providerFailure(geminiIdentity, { modelId, statusCode: 200, code, cutOff: true, message, retryable: true });
  }
}

function callsIn({ messages }: ModelRequest): number {
  return messages.reduce(
    (sum, message) => sum + (message.role === "assistant" ? (message.toolCalls?.length ?? 0) : 0),
    0,
  );
}
