import { describe, expect, it } from "vitest";
import { modelFamily } from "./model-family.js";

describe("modelFamily", () => {
  it.each([
    ["claude-2.1", 4_096],
    ["claude-3-haiku-20240307", 4_096],
    ["claude-3-5-sonnet-latest", 8_192],
    ["claude-3-7-sonnet-20250219", 32_000],
    ["claude-sonnet-4-20250514", 32_000],
    ["claude-sonnet-4-0", 32_000],
    ["claude-opus-4-1-20250805", 32_000],
    ["claude-opus-4@20250514", 32_000],
  ])("knows the older %s", (modelId, maxTokens) => {
    expect(modelFamily(modelId)).toEqual({ maxTokens, structuredOutput: false });
  });

  it.each([
    "claude-sonnet-4-5",
    "claude-opus-4-5-20251101",
    "claude-haiku-4-5",
    "claude-opus-5",
    "claude-next",
    "mine",
  ])("takes %s for a newer one", (modelId) => {
    expect(modelFamily(modelId)).toEqual({ maxTokens: 64_000, structuredOutput: true });
  });
});
