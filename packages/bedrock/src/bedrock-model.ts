import type { ConverseStreamOutput, ConverseStreamRequest } from "@aws-sdk/client-bedrock-runtime";
import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import { endsWithin, ToolNames } from "@strands/provider-kit";
import { BedrockAnswer } from "./bedrock-answer.js";
import type { BedrockClient } from "./bedrock-client.js";
import { secretsOf } from "./bedrock-client.js";
import { BedrockFailure } from "./bedrock-failure.js";
import { bedrockIdentity } from "./bedrock-identity.js";
import type { CallsInFlight } from "./calls-in-flight.js";
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
    let client: BedrockClient | undefined;
    try {
      client = await this.#settings.client();
      yield* this.#answer(client, request, call.signal);
    } catch (error) {
      if (signal.aborted) return;
      const secrets = client === undefined ? [] : await secretsOf(client);
      throw mapBedrockError(error, { request, modelId: this.modelId, region, host, secrets, closed: call.closed });
    } finally {
      call.stop();
    }
  }

  async *#answer(client: BedrockClient, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk> {
    for (;;) {
      const mode = request.outputSchema === undefined ? "none" : this.#mode;
      try {
        return yield* this.#converse(client, request, mode, signal);
      } catch (error) {
        // A request is refused before anything of an answer has come.
        const next = nextOutputMode(mode, error);
        if (next === undefined) throw error;
        this.#mode = next;
      }
    }
  }

  async *#converse(
    { sdk, client }: BedrockClient,
    request: ModelRequest,
    mode: OutputMode,
    abortSignal: AbortSignal,
  ): AsyncGenerator<ModelChunk> {
    const names = new ToolNames([...request.tools.map(({ name }) => name), answerTool]);
    const toolName = names.toProvider(answerTool);
    const input = toConverseInput(request, this.modelId, names);
    const { outputSchema } = request;
    const command = new sdk.ConverseStreamCommand(
      outputSchema === undefined ? input : withOutputSchema(input, outputSchema, mode, toolName),
    );
    const { stream } = await client.send(command, { abortSignal });
    if (stream === undefined) throw new BedrockFailure("unreadable", "an empty reply");
    const answer = new BedrockAnswer(names, mode === "tool" ? toolName : undefined);
    const events = stream[Symbol.asyncIterator]();
    while (!answer.complete) {
      const { done, value } = await events.next();
      if (done) break;
      const text = answer.add(value);
      if (text !== "") yield text;
    }
    yield* answer.end();
    await endsWithin(endMs, drain(events));
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
