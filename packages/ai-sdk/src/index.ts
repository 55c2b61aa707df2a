// The public API of @strands/ai-sdk.
export type { AiSdkModelOptions } from "./ai-sdk-model.js";
export { aiSdkModel } from "./ai-sdk-model.js";
export type { AiSdkProviderOptions } from "./ai-sdk-provider.js";
export { createAiSdkProvider } from "./ai-sdk-provider.js";
export type { AiSdkLanguageModel } from "./language-model.js";
