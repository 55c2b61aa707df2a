import { modelContract, openaiWire } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createAzureOpenAIProvider } from "../src/azure-openai-provider.js";

modelContract({
  name: "azure_openai",
  describe,
  it,
  expect,
  wire: openaiWire,
  settings: { modelId: "my-deployment" },
  create: (endpoint, apiKey) => createAzureOpenAIProvider({ apiKey, endpoint, env: {} }),
});
