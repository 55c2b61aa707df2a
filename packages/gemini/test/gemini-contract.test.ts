import { modelContract } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createGeminiProvider } from "../src/index.js";
import { geminiWire } from "./gemini-wire.js";

modelContract({
  name: "gemini",
  describe,
  it,
  expect,
  wire: geminiWire,
  create: (baseUrl, apiKey) => createGeminiProvider({ apiKey, baseUrl, env: {} }),
  settings: { modelId: "gemini-contract" },
  skip: { "leaves arguments that are no JSON as text": "Gemini sends arguments as JSON, never as text" },
});
