import type { ProviderIdentity } from "@strands/provider-kit";

export const ollamaIdentity: ProviderIdentity = {
  name: "ollama",
  title: "Ollama",
  sdk: "ollama",
  keyVariables: [],
  credentialsHint:
    "Run `ollama signin` on the host, or give `createOllamaProvider` the `apiKey` of the server; OLLAMA_API_KEY is used for ollama.com alone.",
  modelsHint: "`ollama list` shows the models on the host.",
};
