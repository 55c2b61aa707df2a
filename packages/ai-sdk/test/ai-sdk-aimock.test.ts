import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { LLMock } from "@copilotkit/aimock";
import type { Tool } from "@strands/core";
import { WorkflowClient } from "@strands/core";
import { collect, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AiSdkLanguageModel, aiSdkModel } from "../src/index.js";

let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});
afterEach(() => mock.stop());

const apiKey = "mock";
const vendors: readonly (readonly [string, () => AiSdkLanguageModel])[] = [
  ["@ai-sdk/openai", () => createOpenAI({ apiKey, baseURL: `${mock.url}/v1` }).chat("gpt-4o-mini")],
  ["@ai-sdk/openai, responses", () => createOpenAI({ apiKey, baseURL: `${mock.url}/v1` })("gpt-4o-mini")],
  ["@ai-sdk/anthropic", () => createAnthropic({ apiKey, baseURL: `${mock.url}/v1` })("claude-sonnet-4-6")],
  ["@ai-sdk/google", () => createGoogleGenerativeAI({ apiKey, baseURL: `${mock.url}/v1beta` })("gemini-2.5-flash")],
];

describe.each(vendors)("%s against aimock", (_, languageModel) => {
  it("runs a workflow whose agent calls a tool", async () => {
    mock.on({ hasToolResult: true }, { content: "It is 21 degrees in Oslo." });
    mock.onMessage("weather", { toolCalls: [{ id: "call_1", name: "weather_now", arguments: '{"city":"Oslo"}' }] });
    const asked: unknown[] = [];
    const weather: Tool = {
      name: "weather.now",
      description: "Tells the weather.",
      inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      effect: "read",
      execute(input) {
        asked.push(input);
        return { degrees: 21 };
      },
    };
    await using client = new WorkflowClient({ model: aiSdkModel(languageModel()), tools: [weather] });
    const result = await client.run({
      version: 1,
      name: "weather",
      runtime: { provider: "openai" },
      agents: { guide: { prompt: "You tell the weather." } },
      pattern: { type: "chain", config: { steps: [{ agent: "guide", input: "The weather in Oslo?" }] } },
    });
    expect(result).toMatchObject({ status: "completed", lastResponse: "It is 21 degrees in Oslo." });
    expect(asked).toEqual([{ city: "Oslo" }]);
  });

  it("gives text, usage and finish reason", async () => {
    mock.onMessage("hello", { content: "Hi there!", usage: { input_tokens: 5, output_tokens: 3 } });
    const request = modelRequest({ messages: [{ role: "user", content: "hello" }] });
    const answer = await collect(aiSdkModel(languageModel()).stream(request, new AbortController()));
    expect(answer).toMatchObject({ text: "Hi there!", toolCalls: [], finish: "stop" });
    expect(answer.usage?.outputTokens).toBeGreaterThan(0);
  });

  it("gives data by a schema", async () => {
    mock.onMessage("where", { content: '{"city":"Oslo"}' });
    await using client = new WorkflowClient({ model: aiSdkModel(languageModel()) });
    const result = await client.run({
      version: 1,
      name: "data",
      runtime: { provider: "openai" },
      agents: {
        guide: {
          prompt: "You name cities.",
          output_schema: {
            type: "object",
            properties: { city: { type: "string" } },
            required: ["city"],
            additionalProperties: false,
          },
        },
      },
      pattern: { type: "chain", config: { steps: [{ agent: "guide", input: "where?" }] } },
    });
    expect(result).toMatchObject({ status: "completed", data: { city: "Oslo" } });
  });

  it("says what a refused key means", async () => {
    mock.nextRequestError(401, { type: "authentication_error", message: "no" });
    const answer = collect(aiSdkModel(languageModel()).stream(modelRequest(), new AbortController()));
    const error = await answer.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "PROVIDER_AUTH",
      statusCode: 401,
      retryable: false,
      hint: "Check the key the language model was made with, and that it may use this model.",
    });
  });
});
