import { LLMock } from "@copilotkit/aimock";
import type { Message, ModelProvider } from "@strands/core";
import { collect, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOllamaProvider } from "../src/index.js";

const signal = new AbortController().signal;
const settings = { provider: "ollama", modelId: undefined, host: undefined, region: undefined };
const weather = {
  name: "weather.today",
  description: "The weather in a city.",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
} as const;

let server: LLMock;
let provider: ModelProvider;

beforeEach(async () => {
  server = new LLMock({ port: 0, logLevel: "silent" });
  provider = createOllamaProvider({ host: await server.start(), env: {} });
});

afterEach(async () => {
  await provider.close?.();
  await server.stop();
});

it("streams a text, asked of the default model", async () => {
  server.onMessage("Hello", { content: "Hello from the llama." });
  const model = await provider.model(settings);
  const answer = await collect(model.stream(modelRequest(), { signal }));
  expect(answer).toMatchObject({ text: "Hello from the llama.", toolCalls: [], finish: "stop" });
  expect(server.getLastRequest()?.body).toMatchObject({ model: "gpt-oss" });
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
  server.onMessage("Hello", { error: { message: "maximum pending requests exceeded" }, status: 503 });
  const model = await provider.model(settings);
  await expect(collect(model.stream(modelRequest(), { signal }))).rejects.toMatchObject({
    code: "PROVIDER_UNAVAILABLE",
    statusCode: 503,
    retryable: true,
  });
});

it("reaches the server for a diagnosis", async () => {
  server.onMessage("Hello", { content: "Hello" });
  const diagnosis = await provider.diagnose?.({ online: true, signal });
  expect(diagnosis).toMatchObject({ package: { name: "ollama", version: "0.6.4" }, reachable: { ok: true } });
});
