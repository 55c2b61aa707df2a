import { InputError, type ModelProvider } from "@strands/core";
import { type AiSdkModelOptions, closableModel } from "./ai-sdk-model.js";
import type { AiSdkLanguageModel } from "./language-model.js";

/** Options of {@link createAiSdkProvider}. */
export interface AiSdkProviderOptions extends Omit<AiSdkModelOptions, "name"> {
  /** The name by which workflows ask for it under `provider`: one of those the format knows. */
  readonly name: string;
  /** Makes the language model for a model id, such as what `createOpenAI` of `@ai-sdk/openai` gives. */
  readonly languageModel: (modelId: string) => AiSdkLanguageModel;
  /** The model of agents that name none. @defaultValue none: they are refused */
  readonly defaultModel?: string | undefined;
}

/**
 * A provider out of models of the Vercel AI SDK, under a name of your choice. It takes the place of ours of the same name.
 *
 * @throws InputError `INPUT_INVALID` when an agent names no model and there is no default
 * @example
 * createClient({ providers: [createAiSdkProvider({ name: "openai", languageModel: createOpenAI() })] });
 */
export function createAiSdkProvider(options: AiSdkProviderOptions): ModelProvider {
  const { name, languageModel, defaultModel } = options;
  const idOf = (modelId: string | undefined): string => {
    const id = modelId ?? defaultModel;
    if (id !== undefined) return id;
    throw new InputError(`The provider \`${name}\` has no default model`, {
      hint: "Set `model_id` of the agent or under `runtime`, or give the provider a `defaultModel`.",
    });
  };
  const closing = new AbortController();
  return {
    name,
    check: ({ modelId }) => void idOf(modelId),
    model: ({ modelId }) => closableModel(languageModel(idOf(modelId)), options, closing.signal),
    close: async () => closing.abort(),
  };
}
