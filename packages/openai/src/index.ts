// The public API of @strands/openai.
export type { AzureOpenAIProviderOptions } from "./azure-openai-provider.js";
export { createAzureOpenAIProvider } from "./azure-openai-provider.js";
export type { OpenAIProviderOptions } from "./openai-provider.js";
export { createOpenAIProvider } from "./openai-provider.js";
