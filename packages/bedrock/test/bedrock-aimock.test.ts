import { LLMock } from "@copilotkit/aimock";
import type { Message, ModelProvider } from "@strands/core";
import { collect, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBedrockProvider } from "../src/index.js";

const signal = new AbortController().signal;
const settings = { provider: "bedrock", modelId: undefined, host: undefined, region: "eu-central-1" };
const env = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI" };
const weather = {
  name: "weather.today",
  description: "The weather in a city.",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
} as const;

let server: LLMock;
let provider: ModelProvider;

beforeEach(async () => {
  server = new LLMock({ port: 0, logLevel: "silent" });
  provider = createBedrockProvider({ host: await server.start(), env });
});

afterEach(async () => {
  await provider.close?.();
  await server.stop();
});

it("streams a text, asked of the default model", async () => {
  server.onMessage("Hello", { content: "Hello from the bedrock." });
  const model = await provider.model(settings);
  const answer = await collect(model.stream(modelRequest(), { signal }));
  expect(answer).toMatchObject({ text: "Hello from the bedrock.", toolCalls: [], finish: "stop" });
  expect(server.getLastRequest()?.path).toBe(
    `/model/${encodeURIComponent("us.anthropic.claude-3-sonnet-20240229-v1:0")}/converse-stream`,
  );
});

it("calls tools, and goes on with their results", async () => {
  server.on({ hasToolResult: true }, { content: "Bring an umbrella in Bergen." });
  server.onMessage("Umbrella?", {
    toolCalls: [
      { name: "weather_today", arguments: '{"city":"Bergen"}' },
      { name: "weather_today", arguments: '{"city":"Nice"}' },
    ],
  });
  const model = await provider.model(settings);
  const question: Message = { role: "user", content: "Umbrella?" };
  const first = await collect(model.stream(modelRequest({ messages: [question], tools: [weather] }), { signal }));
  expect(first.finish).toBe("tool_calls");
  expect(first.toolCalls.map(({ name, input }) => [name, input])).toEqual([
    ["weather.today", { city: "Bergen" }],
    ["weather.today", { city: "Nice" }],
  ]);
  const messages: Message[] = [
    question,
    { role: "assistant", content: first.text, toolCalls: first.toolCalls },
    {
      role: "tool",
      results: first.toolCalls.map(({ id, name }) => ({ callId: id, name, content: "rain", isError: false })),
    },
  ];
  const second = await collect(model.stream(modelRequest({ messages, tools: [weather] }), { signal }));
  expect(second).toMatchObject({ text: "Bring an umbrella in Bergen.", finish: "stop" });
});

it("tells of an error as the server does", async () => {
  server.onMessage("Hello", { error: { message: "Too many requests", type: "ThrottlingException" }, status: 429 });
  const model = await provider.model(settings);
  await expect(collect(model.stream(modelRequest(), { signal }))).rejects.toMatchObject({
    code: "PROVIDER_RATE_LIMIT",
    statusCode: 429,
    retryable: true,
  });
});
