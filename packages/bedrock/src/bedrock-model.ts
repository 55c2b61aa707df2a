import type { ConverseStreamOutput, ConverseStreamRequest } from "@aws-sdk/client-bedrock-runtime";
import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import { endsWithin, ToolNames } from "@strands/provider-kit";
import { BedrockAnswer } from "./bedrock-answer.js";
import type { BedrockClient } from "./bedrock-client.js";
import { BedrockFailure } from "./bedrock-failure.js";
import { bedrockIdentity } from "./bedrock-identity.js";
import type { CallsInFlight } from "./calls-in-flight.js";
import type { Exchange } from "./guard-reply.js";
import { guardReply, newExchange } from "./guard-reply.js";
import { mapBedrockError } from "./map-bedrock-error.js";
import type { OutputMode } from "./output-mode.js";
import { answerTool, nextOutputMode, withOutputSchema } from "./output-mode.js";
import { toBedrockMessages, toBedrockTools } from "./to-bedrock-messages.js";

/** What a model needs of its provider. */
export interface BedrockModelSettings {
  readonly modelId: string;
  readonly region: string | undefined;
  /** The endpoint, when it is not the region's own. */
  readonly host: string | undefined;
  readonly client: () => Promise<BedrockClient>;
  readonly calls: CallsInFlight;
}

/** One call, and what is collected for its errors. */
interface Call {
  readonly client: BedrockClient;
  readonly request: ModelRequest;
  readonly exchange: Exchange;
  readonly signal: AbortSignal;
}

/** A request that was taken, and the answer that is to come. */
interface Asked {
  readonly answer: BedrockAnswer;
  readonly events: AsyncIterator<ConverseStreamOutput>;
}

/** How long a server may take to end a response whose last event has come. */
const endMs = 100;

export class BedrockModel implements Model {
  readonly provider: string = bedrockIdentity.name;
  readonly modelId: string;
  readonly #settings: BedrockModelSettings;
  /** What this model has shown to accept so far. */
  #mode: OutputMode = "native";

  constructor(settings: BedrockModelSettings) {
    this.modelId = settings.modelId;
    this.#settings = settings;
  }

  async *stream(request: ModelRequest, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<ModelChunk> {
    const { calls, region, host } = this.#settings;
    const call = calls.begin(signal);
    const exchange = newExchange();
    try {
      const client = await this.#settings.client();
      const { answer, events } = await this.#ask({ client, request, exchange, signal: call.signal });
      while (!answer.complete) {
        const { done, value } = await events.next();
        if (done) break;
        const text = answer.add(value);
        if (text !== "") yield text;
      }
      yield* answer.end();
      await endsWithin(endMs, drain(events));
    } catch (error) {
      if (signal.aborted) return;
      throw mapBedrockError(error, { request, modelId: this.modelId, region, host, exchange, closed: call.closed });
    } finally {
      call.stop();
    }
  }

  /** Sends a request, in the ways of holding a model to a schema one after the other until it takes one. */
  async #ask(call: Call): Promise<Asked> {
    const names = new ToolNames([...call.request.tools.map(({ name }) => name), answerTool]);
    if (call.request.outputSchema === undefined) return this.#send(call, names, "none");
    for (;;) {
      const mode = this.#mode;
      try {
        return await this.#send(call, names, mode);
      } catch (error) {
        const next = nextOutputMode(mode, error);
        if (next === undefined) throw error;
        this.#mode = next;
      }
    }
  }

  async #send({ client, request, exchange, signal }: Call, names: ToolNames, mode: OutputMode): Promise<Asked> {
    const toolName = names.toProvider(answerTool);
    const input = toConverseInput(request, this.modelId, names);
    const { outputSchema } = request;
    const command = new client.sdk.ConverseStreamCommand(
      outputSchema === undefined ? input : withOutputSchema(input, outputSchema, mode, toolName),
    );
    guardReply(command, exchange);
    const { stream } = await client.client.send(command, { abortSignal: signal });
    if (stream === undefined) throw new BedrockFailure("unreadable", "an empty reply");
    const answer = new BedrockAnswer(names, mode === "tool" ? toolName : undefined);
    return { answer, events: stream[Symbol.asyncIterator]() };
  }
}

/** Reads to the end of the response, so that the connection can be used again. */
async function drain(events: AsyncIterator<ConverseStreamOutput>): Promise<void> {
  while ((await events.next()).done !== true);
}

function toConverseInput(request: ModelRequest, modelId: string, names: ToolNames): ConverseStreamRequest {
  const { system, temperature, topP, maxTokens } = request;
  const tools = toBedrockTools(request, names);
  const inferenceConfig = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
  return {
    modelId,
    messages: toBedrockMessages(request, names),
    ...(system.trim() === "" ? {} : { system: [{ text: system }] }),
    ...(tools.length === 0 ? {} : { toolConfig: { tools } }),
    ...(Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig }),
  };
}
