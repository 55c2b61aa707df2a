// The public API of @strands/ollama.
export type { OllamaProviderOptions } from "./ollama-provider.js";
export { createOllamaProvider } from "./ollama-provider.js";
