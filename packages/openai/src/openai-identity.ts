import type { ProviderIdentity } from "@strands/provider-kit";

export const openaiIdentity: ProviderIdentity = {
  name: "openai",
  title: "OpenAI",
  sdk: "openai",
  keyVariables: ["OPENAI_API_KEY"],
  modelsHint: "`strands doctor --online` tells whether the key works; models are listed at the service's `/models`.",
};

export const azureIdentity: ProviderIdentity = {
  name: "azure_openai",
  title: "Azure OpenAI",
  sdk: "openai",
  keyVariables: ["AZURE_OPENAI_API_KEY"],
  modelsHint: "`model_id` is the name of a deployment of this resource, as the Azure portal lists them.",
};
