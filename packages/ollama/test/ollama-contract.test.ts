import { modelContract } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createOllamaProvider } from "../src/index.js";
import { ollamaWire } from "./support/ollama-wire.js";

modelContract({
  name: "ollama",
  describe,
  it,
  expect,
  wire: ollamaWire,
  create: (host, apiKey) => createOllamaProvider({ host, apiKey, env: {} }),
  settings: {},
  skip: {
    "finishes: content_filter": "Ollama filters nothing",
    "takes an answer without text for an empty one": "Ollama filters nothing",
  },
});
