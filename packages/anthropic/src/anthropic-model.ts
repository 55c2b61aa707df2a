import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import type { ServiceConnection } from "@strands/provider-kit";
import { endsWithin, follow, promptsOf, providerFailure } from "@strands/provider-kit";
import { AnthropicAnswer } from "./anthropic-answer.js";
import type { AnthropicClient } from "./anthropic-client.js";
import { anthropicIdentity } from "./anthropic-identity.js";
import { toAnthropicRequest } from "./anthropic-request.js";
import { mapAnthropicError } from "./map-anthropic-error.js";

/** How long the server may take to end a response whose last event has come. */
const endMs = 100;

/** A model behind the Messages API. */
export class AnthropicModel implements Model {
  readonly provider: string = anthropicIdentity.name;
  readonly modelId: string;
  readonly #connection: ServiceConnection<AnthropicClient>;

  constructor(modelId: string, connection: ServiceConnection<AnthropicClient>) {
    this.modelId = modelId;
    this.#connection = connection;
  }

  async *stream(request: ModelRequest, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<ModelChunk> {
    const modelId = request.modelId ?? this.modelId;
    let key: string | undefined;
    // The SDK takes its listener back only from a stream that is read to its end.
    const call = new AbortController();
    const unfollow = follow(signal, call);
    try {
      key = await this.#connection.apiKey();
      const { sdk, toFormat } = await this.#connection.client(key);
      const { body, names, answerTool } = toAnthropicRequest(request, modelId, toFormat);
      const answer = new AnthropicAnswer(names, answerTool);
      const stream = await sdk.messages.create(body, { signal: call.signal });
      const events = stream[Symbol.asyncIterator]();
      while (!answer.ended) {
        const { value, done } = await events.next();
        if (done === true) break;
        const text = answer.take(value);
        if (text !== "") yield text;
      }
      if (!answer.complete) throw cutOff(modelId);
      for (const chunk of answer.finish()) yield chunk;
      await endsWithin(endMs, events.next());
    } catch (error) {
      if (signal.aborted) return;
      const { baseUrl: host } = this.#connection;
      throw mapAnthropicError(error, { modelId, host, secrets: [key], prompts: promptsOf(request) });
    } finally {
      unfollow();
      call.abort();
    }
  }
}

function cutOff(modelId: string): Error {
  return providerFailure(anthropicIdentity, {
    modelId,
    statusCode: 200,
    code: "PROVIDER_UNAVAILABLE",
    cutOff: true,
  });
}
