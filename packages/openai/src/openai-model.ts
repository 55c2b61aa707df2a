import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import { endsWithin, follow, providerFailure, ToolNames } from "@strands/provider-kit";
import { mapOpenAIError } from "./map-openai-error.js";
import type { OpenAIConnection } from "./openai-connection.js";
import { CompletionReader } from "./read-completion.js";
import { toOpenAIRequest } from "./to-openai-request.js";

/** How long the rest of a response may take once the model has finished. */
const restMs = 1000;

/** One model behind a connection. */
export interface OpenAIModelOptions {
  readonly connection: OpenAIConnection;
  readonly modelId: string;
  /** Whether it takes the parameters of models that think before they answer. */
  readonly reasoning: boolean;
}

/** The port over Chat Completions, which OpenAI, Azure and all compatible servers speak. */
export class OpenAIModel implements Model {
  readonly provider: string;
  readonly modelId: string;
  readonly #connection: OpenAIConnection;
  readonly #reasoning: boolean;

  constructor({ connection, modelId, reasoning }: OpenAIModelOptions) {
    this.provider = connection.identity.name;
    this.modelId = modelId;
    this.#connection = connection;
    this.#reasoning = reasoning;
  }

  async *stream(request: ModelRequest, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<ModelChunk> {
    const connection = this.#connection;
    const { client, headers, facts } = await connection.prepare({ modelId: this.modelId, request });
    const names = new ToolNames(request.tools.map(({ name }) => name));
    const reader = new CompletionReader(names);
    // The SDK adds a listener to the signal it is given, and leaves it there.
    const call = new AbortController();
    const unfollow = follow(signal, call);
    try {
      const body = toOpenAIRequest(request, this.modelId, names, this.#reasoning);
      const asked = client.chat.completions.create(body, { headers, signal: call.signal });
      const { data: events, response } = await asked.withResponse();
      const iterator = events[Symbol.asyncIterator]();
      try {
        while (!reader.finished) {
          const { value, done } = await iterator.next();
          if (done === true) break;
          const text = reader.add(value);
          if (text !== "") yield text;
        }
        // Usage may still come; an answer that is whole does not wait long for it, nor for the end of the response.
        if (reader.finished) await endsWithin(restMs, readRest(iterator, reader));
      } finally {
        events.controller.abort();
      }
      // An aborted stream of this SDK ends as if it were complete; so does one that was cut off.
      if (!reader.finished && !connection.cameToItsEnd(response)) {
        throw providerFailure(connection.identity, {
          code: "PROVIDER_UNAVAILABLE",
          modelId: this.modelId,
          cutOff: true,
        });
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw mapOpenAIError(error, facts);
    } finally {
      unfollow();
    }
    yield* reader.finish();
  }
}

async function readRest(events: AsyncIterator<unknown>, reader: CompletionReader): Promise<void> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) reader.add(next.value);
}
