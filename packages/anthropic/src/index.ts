// The public API of @strands/anthropic.
export type { AnthropicOptions } from "./anthropic-provider.js";
export { createAnthropicProvider } from "./anthropic-provider.js";
