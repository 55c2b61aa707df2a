import type { ModelProvider } from "@strands/core";
import type { Environment } from "./environment.js";

/** Makes a provider once its package has been loaded. */
type Load = (env: Environment) => Promise<ModelProvider>;

/** The packages of providers: one is loaded when a workflow names its provider, and its vendor's SDK when a model is asked. */
const loaders: Readonly<Record<string, Load>> = {
  openai: async (env) => (await import("@strands/openai")).createOpenAIProvider({ env }),
  azure_openai: async (env) => (await import("@strands/openai")).createAzureOpenAIProvider({ env }),
  anthropic: async (env) => (await import("@strands/anthropic")).createAnthropicProvider({ env }),
  gemini: async (env) => (await import("@strands/gemini")).createGeminiProvider({ env }),
  ollama: async (env) => (await import("@strands/ollama")).createOllamaProvider({ env }),
  bedrock: async (env) => (await import("@strands/bedrock")).createBedrockProvider({ env }),
};

/** Names of the providers that a client of `createClient` has without being given any. */
export const bundledProviders: readonly string[] = [...Object.keys(loaders), "offline"];

/** Loads each of the vendors' providers, in the order of the table. */
export function loadBundledProviders(env: Environment): Promise<readonly ModelProvider[]> {
  return Promise.all(Object.values(loaders).map((load) => load(env)));
}

/** The vendors' providers, none of them loaded yet. */
export function lazyProviders(env: Environment): readonly ModelProvider[] {
  return Object.entries(loaders).map(([name, load]) => lazyProvider(name, () => load(env)));
}

/** A provider that is loaded when it is first used. */
function lazyProvider(name: string, load: () => Promise<ModelProvider>): ModelProvider {
  let loading: Promise<ModelProvider> | undefined;
  const loaded = (): Promise<ModelProvider> => {
    loading ??= load();
    return loading;
  };
  return {
    name,
    check: async (settings) => (await loaded()).check?.(settings),
    model: async (settings) => (await loaded()).model(settings),
    close: async () => (await loading)?.close?.(),
  };
}
