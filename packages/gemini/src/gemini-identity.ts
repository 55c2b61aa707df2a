import type { ProviderIdentity } from "@strands/provider-kit";

/** How errors and `strands doctor` speak of this provider. */
export const geminiIdentity: ProviderIdentity = {
  name: "gemini",
  title: "Gemini",
  sdk: "@google/genai",
  keyVariables: ["GOOGLE_API_KEY", "GEMINI_API_KEY"],
  modelsHint: "The names of all models: https://ai.google.dev/gemini-api/docs/models.",
};
