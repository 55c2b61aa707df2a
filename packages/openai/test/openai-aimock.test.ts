import { LLMock } from "@copilotkit/aimock";
import type { ModelProvider, Tool } from "@strands/core";
import { WorkflowClient } from "@strands/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAzureOpenAIProvider } from "../src/azure-openai-provider.js";
import { createOpenAIProvider } from "../src/openai-provider.js";

let mock: LLMock;
beforeAll(async () => {
  mock = new LLMock({ port: 0 });
  // The first that fits answers, so those about results come first.
  mock.addFixture({
    match: { hasToolResult: true, userMessage: "weather" },
    response: { content: "It is 21 degrees." },
  });
  mock.onMessage("weather", { toolCalls: [{ name: "weather_now", arguments: '{"city":"Lisbon"}' }] });
  mock.onMessage("poem", { content: "Roses are red, and the stream goes on." });
  mock.onMessage("broken", { error: { message: "No more tokens", type: "rate_limit_error" }, status: 429 });
  await mock.start();
});
afterAll(() => mock.stop());

const weather: Tool = {
  name: "weather.now",
  description: "The weather of a city",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  effect: "read",
  execute: (input) => ({ city: (input as { readonly city: string }).city, degrees: 21 }),
};

const providers: readonly (readonly [string, () => ModelProvider])[] = [
  ["openai", () => createOpenAIProvider({ apiKey: "k", baseUrl: `${mock.url}/v1`, env: {} })],
  ["azure_openai", () => createAzureOpenAIProvider({ apiKey: "k", endpoint: mock.url, env: {} })],
];

describe.each(providers)("%s against another's server", (name, create) => {
  const spec = (input: string) => ({
    version: 1 as const,
    name: "w",
    runtime: { provider: name, model_id: "gpt-4o-mini", failure_policy: { retries: 0 } },
    agents: { writer: { prompt: "Be brief." } },
    pattern: { type: "chain" as const, config: { steps: [{ agent: "writer", input }] } },
  });

  it("streams text with usage", async () => {
    const client = new WorkflowClient({ providers: [create()] });
    const run = client.start(spec("Write a poem") as never);
    const tokens: string[] = [];
    for await (const event of run.events()) if (event.type === "token") tokens.push(event.text);
    const result = await run.result;
    await client.close();
    expect(result).toMatchObject({ status: "completed", lastResponse: "Roses are red, and the stream goes on." });
    expect(tokens.length).toBeGreaterThan(1);
    expect(result.usage.outputTokens).toBeGreaterThan(0);
  });

  it("calls a tool and goes on with what came of it", async () => {
    const client = new WorkflowClient({ providers: [create()], tools: [weather] });
    const result = await client.run(spec("What is the weather?") as never);
    await client.close();
    expect(result).toMatchObject({ status: "completed", lastResponse: "It is 21 degrees." });
    const { body } = mock.getRequests().at(-1) ?? {};
    expect(JSON.stringify(body)).toContain("Lisbon");
  });

  it("fails with what the service says", async () => {
    const client = new WorkflowClient({ providers: [create()] });
    const result = await client.run(spec("broken") as never);
    await client.close();
    expect(result).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("No more tokens"), details: { causeCode: "PROVIDER_RATE_LIMIT" } },
    });
  });
});
