import { LLMock } from "@copilotkit/aimock";
import type { Tool } from "@strands/core";
import { ProviderError, WorkflowClient } from "@strands/core";
import { collect, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAnthropicProvider } from "../src/index.js";

let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});
afterEach(() => mock.stop());

const provider = () => createAnthropicProvider({ apiKey: "mock", baseUrl: mock.url, env: {} });
const settings = { provider: "anthropic", modelId: "claude-sonnet-4-6", host: undefined, region: undefined };
const { signal } = new AbortController();

describe("anthropic against aimock", () => {
  it("runs a workflow whose agent calls a tool", async () => {
    mock.on({ hasToolResult: true }, { content: "It is 21 degrees in Oslo." });
    mock.onMessage("weather", { toolCalls: [{ id: "toolu_1", name: "weather_now", arguments: '{"city":"Oslo"}' }] });
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
      runtime: { provider: "anthropic", model_id: "claude-sonnet-4-6" },
      agents: { guide: { prompt: "You tell the weather.", tools: ["weather.now"] } },
      pattern: { type: "chain", config: { steps: [{ agent: "guide", input: "The weather in Oslo?" }] } },
    });
    await client.close();
    expect(result).toMatchObject({ status: "completed", lastResponse: "It is 21 degrees in Oslo." });
    expect(asked).toEqual([{ city: "Oslo" }]);
    expect(mock.getRequests()).toHaveLength(2);
  });

  it("gives text, usage and finish reason", async () => {
    mock.onMessage("hello", { content: "Hi there!", usage: { input_tokens: 5, output_tokens: 3 } });
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
    mock.nextRequestError(529, { type: "overloaded_error", message: "Overloaded" });
    const answer = collect((await provider().model(settings)).stream(modelRequest(), { signal }));
    const error = await answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", statusCode: 529, retryable: true });
  });
});
