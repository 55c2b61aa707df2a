import { LLMock } from "@copilotkit/aimock";
import type { Tool } from "@strands/core";
import { ProviderError, WorkflowClient } from "@strands/core";
import { collect, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGeminiProvider } from "../src/index.js";

let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});
afterEach(() => mock.stop());

const provider = () => createGeminiProvider({ apiKey: "mock", baseUrl: mock.url, env: {} });
const settings = { provider: "gemini", modelId: "gemini-2.5-flash", host: undefined, region: undefined };
const { signal } = new AbortController();

describe("gemini against aimock", () => {
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
    const client = new WorkflowClient({ providers: [provider()], tools: [weather] });
    const result = await client.run({
      version: 1,
      name: "weather",
      runtime: { provider: "gemini", model_id: "gemini-2.5-flash" },
      agents: { guide: { prompt: "You tell the weather.", tools: ["weather.now"] } },
      pattern: { type: "chain", config: { steps: [{ agent: "guide", input: "The weather in Oslo?" }] } },
    });
    await client.close();
    expect(result).toMatchObject({ status: "completed", lastResponse: "It is 21 degrees in Oslo." });
    expect(asked).toEqual([{ city: "Oslo" }]);
    expect(mock.getRequests()).toHaveLength(2);
  });

  it("gives text, usage and finish reason", async () => {
    mock.onMessage("hello", { content: "Hi there!", usage: { promptTokenCount: 5, candidatesTokenCount: 3 } });
    const answer = await collect(
      (await provider().model(settings)).stream(modelRequest({ messages: [{ role: "user", content: "hello" }] }), {
        signal,
      }),
    );
    expect(answer).toEqual({
      text: "Hi there!",
      toolCalls: [],
      usage: { inputTokens: 5, outputTokens: 3 },
      finish: "stop",
    });
  });

  it("says that the service is overloaded", async () => {
    mock.nextRequestError(503, { type: "UNAVAILABLE", message: "Overloaded" });
    const answer = collect((await provider().model(settings)).stream(modelRequest(), { signal }));
    const error = await answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", statusCode: 503, retryable: true });
  });
});
