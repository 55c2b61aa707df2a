import type { ProviderIdentity } from "@strands/provider-kit";

/** How errors and `strands doctor` speak of this provider. */
export const anthropicIdentity: ProviderIdentity = {
  name: "anthropic",
  title: "Anthropic",
  sdk: "@anthropic-ai/sdk",
  keyVariables: ["ANTHROPIC_API_KEY"],
  modelsHint: "The names of all models: https://docs.claude.com/en/docs/about-claude/models.",
};
