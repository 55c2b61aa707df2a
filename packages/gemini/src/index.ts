// The public API of @strands/gemini.
export type { GeminiOptions } from "./gemini-provider.js";
export { createGeminiProvider } from "./gemini-provider.js";
