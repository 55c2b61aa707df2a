// The public API of @strands/bedrock.
export type { BedrockProviderOptions } from "./bedrock-provider.js";
export { createBedrockProvider } from "./bedrock-provider.js";
