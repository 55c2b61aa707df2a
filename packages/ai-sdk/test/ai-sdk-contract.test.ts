import { createOpenAI } from "@ai-sdk/openai";
import { modelContract, openaiWire } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createAiSdkProvider } from "../src/index.js";

const http = "HTTP is the language model's own";
const diagnosis = "what a language model needs is known to its own package alone";

modelContract({
  name: "ai-sdk with @ai-sdk/openai",
  describe,
  it,
  expect,
  wire: openaiWire,
  settings: {},
  skip: {
    "carry the whole conversation, with tool calls and what came of them":
      "@ai-sdk/openai sends errors of tools unmarked",
    "with keys that mean something to JavaScript": "the AI SDK refuses such keys, which is safe as well",
    "does not follow a redirect, which would take the key along": http,
    "HTML with status 200, which is named": http,
    "HTML that says it is a stream": http,
    "an error with status 200 is an error": http,
    "a stream of more than 16 MB": http,
    "an event of more than 1 MB": http,
    "a gzip bomb": http,
    "an error body of more than 16 MB": http,
    "names the package, its version and the settings, calls nothing and shows no secret": diagnosis,
    "online: reaches the service without a model call": diagnosis,
    "online: tells of a wrong key": diagnosis,
    "online: tells when nobody answers": diagnosis,
  },
  create: (url, apiKey) => {
    const openai = createOpenAI({ apiKey, baseURL: `${url}/v1` });
    return createAiSdkProvider({ name: "openai", languageModel: openai.chat, secrets: [apiKey] });
  },
});
