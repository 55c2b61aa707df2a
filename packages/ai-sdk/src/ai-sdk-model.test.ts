import { getEventListeners } from "node:events";
import { collect, failureOf, modelRequest } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { aiSdkModel, closableModel } from "./ai-sdk-model.js";
import { createAiSdkProvider } from "./ai-sdk-provider.js";
import type { AiSdkLanguageModel } from "./language-model.js";

/** A language model of a user's own, whose stream has these parts; and the options it was asked with. */
function languageModel(parts: readonly unknown[], specificationVersion = "v2") {
  const asked: Record<string, unknown>[] = [];
  const model: AiSdkLanguageModel = {
    specificationVersion,
    provider: "own.chat",
    modelId: "own-1",
    async doStream(options: never) {
      asked.push(options);
      const stream = new ReadableStream<unknown>({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      });
      return { stream };
    },
  };
  return { model, asked };
}

const ask = (model: AiSdkLanguageModel, request = {}) =>
  collect(aiSdkModel(model).stream(modelRequest(request), { signal: new AbortController().signal }));

const failure = (model: AiSdkLanguageModel) => failureOf(ask(model));

const finishes = {
  v2: { type: "finish", finishReason: "stop", usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } },
  v3: {
    type: "finish",
    finishReason: { unified: "stop", raw: "end_turn" },
    usage: { inputTokens: { total: 1, noCache: 1 }, outputTokens: { total: 2, text: 2 } },
  },
};

describe.each([
  ["v2", finishes.v2],
  ["v3", finishes.v3],
  ["v4", finishes.v3],
])("a language model of specification %s", (version, finish) => {
  it("gives its text, and leaves out what is no answer", async () => {
    const { model } = languageModel(
      [
        { type: "stream-start", warnings: [] },
        { type: "response-metadata", id: "r" },
        { type: "reasoning-delta", id: "0", delta: "hm" },
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", delta: "Hel" },
        { type: "text-delta", id: "1", delta: "lo" },
        { type: "text-end", id: "1" },
        { type: "raw", rawValue: {} },
        finish,
      ],
      version,
    );
    expect(await ask(model)).toEqual({
      text: "Hello",
      toolCalls: [],
      usage: { inputTokens: 1, outputTokens: 2 },
      finish: "stop",
    });
  });
});

describe("tool calls", () => {
  it("come whole, in the order they began, with what the vendor wants back", async () => {
    const { model } = languageModel([
      { type: "tool-input-start", id: "a", toolName: "weather_now" },
      { type: "tool-input-start", id: "b", toolName: "save" },
      { type: "tool-input-delta", id: "b", delta: "{}" },
      { type: "tool-input-delta", id: "a", delta: '{"city":' },
      { type: "tool-call", toolCallId: "b", toolName: "save", input: "{}" },
      {
        type: "tool-call",
        toolCallId: "a",
        toolName: "weather_now",
        input: '{"city":"Oslo"}',
        providerMetadata: { google: { thoughtSignature: "s" } },
      },
      { type: "tool-call", toolCallId: "c", toolName: "web_search", input: "{}", providerExecuted: true },
      { ...finishes.v2, finishReason: "tool-calls" },
    ]);
    const tools = ["weather.now", "save"].map((name) => ({ name, description: "", inputSchema: {} }));
    expect(await ask(model, { tools })).toMatchObject({
      toolCalls: [
        {
          id: "a",
          name: "weather.now",
          input: { city: "Oslo" },
          providerData: { google: { thoughtSignature: "s" } },
        },
        { id: "b", name: "save", input: {} },
      ],
      finish: "tool_calls",
    });
  });

  it("that were cut off come as far as they got", async () => {
    const { model } = languageModel([
      { type: "tool-input-start", id: "a", toolName: "save" },
      { type: "tool-input-delta", id: "a", delta: '{"text":"ab' },
      { ...finishes.v2, finishReason: "length" },
    ]);
    expect(await ask(model)).toMatchObject({
      toolCalls: [{ id: "a", name: "save", input: '{"text":"ab' }],
      finish: "length",
    });
  });
});

describe("a request", () => {
  it("is told in the AI SDK's terms, what nobody set left out", async () => {
    const { model, asked } = languageModel([finishes.v2]);
    await ask(model);
    expect(asked[0]).toEqual({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
      abortSignal: expect.any(AbortSignal),
    });
    const call = { id: "a", name: "weather.now", input: { city: "Oslo" }, providerData: { google: { s: 1 } } };
    await ask(model, {
      system: "S",
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: "", toolCalls: [call] },
        {
          role: "tool",
          results: [
            { callId: "a", name: "weather.now", content: { t: 1 }, isError: false },
            { callId: "b", name: "x", content: "bad", isError: true },
          ],
        },
      ],
      tools: [{ name: "weather.now", description: "d", inputSchema: { type: "object" } }],
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      outputSchema: { type: "object" },
    });
    expect(asked[1]).toEqual({
      prompt: [
        { role: "system", content: "S" },
        { role: "user", content: [{ type: "text", text: "q" }] },
        {
          role: "assistant",
          content: [
            {
              type: "tool-call",
              toolCallId: "a",
              toolName: "weather_now",
              input: { city: "Oslo" },
              providerOptions: { google: { s: 1 } },
            },
          ],
        },
        {
          role: "tool",
          content: [
            {
              type: "tool-result",
              toolCallId: "a",
              toolName: "weather_now",
              output: { type: "json", value: { t: 1 } },
            },
            { type: "tool-result", toolCallId: "b", toolName: "x", output: { type: "error-text", value: "bad" } },
          ],
        },
      ],
      tools: [{ type: "function", name: "weather_now", description: "d", inputSchema: { type: "object" } }],
      toolChoice: { type: "auto" },
      responseFormat: { type: "json", name: "answer", schema: { type: "object" } },
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 9,
      abortSignal: expect.any(AbortSignal),
    });
  });
});

it("leaves nothing on the signal that closes its provider, however many calls are under way", async () => {
  const closing = new AbortController().signal;
  const model = closableModel(languageModel([finishes.v2]).model, {}, closing);
  const calls = Array.from({ length: 11 }, () => model.stream(modelRequest(), new AbortController()));
  const first = calls.map((call) => call[Symbol.asyncIterator]());
  await Promise.all(first.map((call) => call.next()));
  expect(getEventListeners(closing, "abort")).toHaveLength(1);
  await Promise.all(first.map((call) => call.return?.()));
  expect(getEventListeners(closing, "abort")).toHaveLength(0);
});

describe("an answer that is none", () => {
  it.each([
    ["ends without its end", [{ type: "text-delta", id: "1", delta: "x" }], "PROVIDER_UNAVAILABLE"],
    [
      "ends with no reason",
      [{ ...finishes.v3, finishReason: { unified: "other", raw: undefined } }],
      "PROVIDER_UNAVAILABLE",
    ],
    ["ends with an error", [{ ...finishes.v2, finishReason: "error" }], "PROVIDER_UNAVAILABLE"],
    ["has an error part", [{ type: "error", error: { error: { message: "overloaded" } } }], "PROVIDER_UNAVAILABLE"],
  ])("%s", async (_, parts, code) => {
    expect(await failure(languageModel(parts).model)).toMatchObject({ code, provider: "own.chat", retryable: true });
  });

  it.each([
    [
      { statusCode: 429, responseHeaders: { "retry-after": "7" } },
      { code: "PROVIDER_RATE_LIMIT", retryAfterMs: 7000, retryable: true },
    ],
    [
      { statusCode: 429, message: "You exceeded your current quota" },
      { code: "PROVIDER_RATE_LIMIT", retryable: false },
    ],
    [
      { statusCode: 400, responseBody: '{"error":{"code":"context_length_exceeded"}}' },
      { code: "PROVIDER_CONTEXT_OVERFLOW" },
    ],
    [{ statusCode: 404 }, { code: "PROVIDER_BAD_REQUEST", retryable: false }],
    [{ name: "AI_LoadAPIKeyError" }, { code: "PROVIDER_NOT_CONFIGURED" }],
    [{ name: "AI_JSONParseError", message: "JSON parsing failed: Text: secret" }, { code: "PROVIDER_BAD_RESPONSE" }],
  ])("says what became of %j", async (fields, expected) => {
    const model: AiSdkLanguageModel = {
      ...languageModel([]).model,
      doStream: () => Promise.reject(Object.assign(new Error("it failed"), { name: "AI_APICallError" }, fields)),
    };
    const error = await failure(model);
    expect(error).toMatchObject(expected);
    expect(error.message).not.toContain("secret");
  });
});

describe("createAiSdkProvider", () => {
  it("asks for the model an agent names, else for the default", async () => {
    const ids: string[] = [];
    const provider = createAiSdkProvider({
      name: "openai",
      defaultModel: "small",
      languageModel: (id) => {
        ids.push(id);
        return languageModel([finishes.v2]).model;
      },
    });
    const settings = { provider: "openai", host: undefined, region: undefined };
    const model = await provider.model({ ...settings, modelId: "big" });
    await provider.model({ ...settings, modelId: undefined });
    expect([ids, model.provider, model.modelId]).toEqual([["big", "small"], "openai", "own-1"]);
  });

  it("refuses before a run an agent without a model when there is no default", () => {
    const provider = createAiSdkProvider({ name: "openai", languageModel: () => languageModel([]).model });
    const settings = { provider: "openai", modelId: undefined, host: undefined, region: undefined };
    expect(() => provider.check?.(settings)).toThrow("The provider `openai` has no default model");
  });
});
