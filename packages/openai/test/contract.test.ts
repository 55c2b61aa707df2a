import { modelContract, openaiWire } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createOpenAIProvider } from "../src/openai-provider.js";

modelContract({
  name: "openai",
  describe,
  it,
  expect,
  wire: openaiWire,
  settings: {},
  create: (url, apiKey) => createOpenAIProvider({ apiKey, baseUrl: `${url}/v1`, env: {} }),
});
