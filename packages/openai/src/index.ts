// The public API of @strands/openai.
export type { OpenAIProviderOptions } from "./openai-provider.js";
export { createOpenAIProvider } from "./openai-provider.js";
