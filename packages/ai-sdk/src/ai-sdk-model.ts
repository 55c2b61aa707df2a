import type { Model, ModelChunk, ModelRequest } from "@strands/core";
import type { ProviderIdentity } from "@strands/provider-kit";
import { follow, promptsOf, providerFailure, ToolNames } from "@strands/provider-kit";
import { AiSdkAnswer } from "./ai-sdk-answer.js";
import type { AiSdkLanguageModel, CallOptions } from "./language-model.js";
import { mapAiSdkError } from "./map-ai-sdk-error.js";
import { toAiSdkOptions } from "./to-ai-sdk-options.js";

/** What else is known about a language model. */
export interface AiSdkModelOptions {
  /** Name of the provider in journals and errors. @defaultValue the language model's own */
  readonly name?: string | undefined;
  /** Values that must not be in any error, such as the key the language model was made with: it does not tell. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * A language model of the Vercel AI SDK as a model for a client. It is asked by `doStream`, so nothing of the package `ai` is
 * needed.
 *
 * @example
 * new WorkflowClient({ model: aiSdkModel(openai("gpt-4o-mini")) });
 */
export function aiSdkModel(languageModel: AiSdkLanguageModel, options: AiSdkModelOptions = {}): Model {
  return closableModel(languageModel, options, new AbortController().signal);
}

/** The same; calls fail once `closing` is aborted. */
export function closableModel(
  languageModel: AiSdkLanguageModel,
  options: AiSdkModelOptions,
  closing: AbortSignal,
): Model {
  const provider = options.name ?? languageModel.provider;
  const { modelId } = languageModel;
  const identity: ProviderIdentity = {
    name: provider,
    title: `The AI SDK model of ${languageModel.provider}`,
    sdk: "ai",
    keyVariables: [],
    credentialsHint: "Check the key the language model was made with, and that it may use this model.",
    modelsHint: "The vendor's documentation lists its models.",
  };
  return {
    provider,
    modelId,
    async *stream(request, { signal }) {
      const call = new AbortController();
      const unfollow = [follow(signal, call), follow(closing, call)];
      try {
        yield* streamOf(languageModel, identity, request, call.signal);
      } catch (error) {
        if (signal.aborted) return;
        if (closing.aborted) throw closed(identity, modelId);
        const { secrets = [] } = options;
        throw mapAiSdkError(error, identity, { modelId, secrets, prompts: promptsOf(request) });
      } finally {
        for (const end of unfollow) end();
        // Not every model listens to the signal while its reader reads nothing.
        call.abort();
      }
    },
  };
}

async function* streamOf(
  languageModel: AiSdkLanguageModel,
  identity: ProviderIdentity,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk> {
  signal.throwIfAborted();
  const names = new ToolNames(request.tools.map(({ name }) => name));
  const answer = new AiSdkAnswer(names);
  const options = toAiSdkOptions(request, names, signal);
  // The cast is from the options of our own, which are of every version's form.
  const doStream = languageModel.doStream.bind(languageModel) as (
    options: CallOptions,
  ) => ReturnType<AiSdkLanguageModel["doStream"]>;
  const { stream } = await doStream(options);
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const text = answer.take(next.value);
      if (text !== "") yield text;
    }
    // An aborted stream may end as if it were whole.
    signal.throwIfAborted();
    if (!answer.complete || answer.failed) throw notWhole(identity, languageModel.modelId, answer.failed);
    yield* answer.finish();
  } finally {
    reader.cancel().catch(() => {});
  }
}

function closed(identity: ProviderIdentity, modelId: string): Error {
  return providerFailure(identity, {
    modelId,
    code: "PROVIDER_UNAVAILABLE",
    retryable: false,
    message: "the provider is closed",
    hint: "Close the client only when its runs have ended.",
  });
}

function notWhole(identity: ProviderIdentity, modelId: string, failed: boolean): Error {
  const message = failed ? "it ended with an error" : undefined;
  return providerFailure(identity, { modelId, code: "PROVIDER_UNAVAILABLE", cutOff: true, message });
}
