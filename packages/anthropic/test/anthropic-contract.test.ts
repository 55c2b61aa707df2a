import { modelContract } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createAnthropicProvider } from "../src/index.js";
import { anthropicWire } from "./anthropic-wire.js";

modelContract({
  name: "anthropic",
  describe,
  it,
  expect,
  wire: anthropicWire,
  create: (baseUrl, apiKey) => createAnthropicProvider({ apiKey, baseUrl, env: {} }),
  settings: { modelId: "claude-contract" },
});
