// Every provider against aimock, a server with the protocols of all vendors that is not of our making.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { LLMock } from "@copilotkit/aimock";
import { type AiSdkLanguageModel, aiSdkModel } from "@strands/ai-sdk";
import { createAnthropicProvider } from "@strands/anthropic";
import { createBedrockProvider } from "@strands/bedrock";
import type { AgentSpec, Message, ModelProvider, ModelRequest, Run, Tool } from "@strands/core";
import { ProviderError, WorkflowClient } from "@strands/core";
import { createGeminiProvider } from "@strands/gemini";
import { createOllamaProvider } from "@strands/ollama";
import { createAzureOpenAIProvider, createOpenAIProvider } from "@strands/openai";
import { type Answer, collect, failureOf, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

interface Subject {
  readonly create: (url: string) => ModelProvider;
  /** @defaultValue the provider's own default */
  readonly modelId?: string;
  /** How a request names the model. */
  readonly asked: object;
  /** What to do about a refused key. */
  readonly keyHint: string;
  /** The vendor's package, where aimock has what a diagnosis asks for. */
  readonly sdk?: object;
  /** The rest is for where aimock is unlike the vendor. */
  readonly usage?: object;
  readonly toolFinish?: string;
  readonly words?: string;
}

const apiKey = "mock";
const awsEnv = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI" };
const geminiPath = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
/** aimock says `FUNCTION_CALL`, which Gemini does not have. */
const toolFinish = "other";

/** A provider whose only model is one of the AI SDK. */
function aiSdk(languageModel: (url: string) => AiSdkLanguageModel): Pick<Subject, "create" | "keyHint"> {
  return {
    create: (url) => ({ name: "openai", model: () => aiSdkModel(languageModel(url)) }),
    keyHint: "Check the key the language model was made with, and that it may use this model.",
  };
}

const subjects: Readonly<Record<string, Subject>> = {
  openai: {
    create: (url) => createOpenAIProvider({ apiKey, baseUrl: `${url}/v1`, env: {} }),
    asked: { path: "/v1/chat/completions", body: { model: "gpt-4o-mini" } },
    keyHint: "OPENAI_API_KEY",
    sdk: { name: "openai" },
  },
  azure_openai: {
    create: (endpoint) => createAzureOpenAIProvider({ apiKey, endpoint, env: {} }),
    modelId: "gpt-4o-mini",
    asked: { path: expect.stringMatching(/^\/openai\/deployments\/gpt-4o-mini\/chat\/completions\?/) },
    keyHint: "AZURE_OPENAI_API_KEY",
  },
  anthropic: {
    create: (baseUrl) => createAnthropicProvider({ apiKey, baseUrl, env: {} }),
    modelId: "claude-sonnet-4-6",
    asked: { path: "/v1/messages", body: { model: "claude-sonnet-4-6" } },
    keyHint: "ANTHROPIC_API_KEY",
    sdk: { name: "@anthropic-ai/sdk" },
  },
  gemini: {
    create: (baseUrl) => createGeminiProvider({ apiKey, baseUrl, env: {} }),
    asked: { path: geminiPath },
    keyHint: "GEMINI_API_KEY",
    toolFinish,
  },
  bedrock: {
    create: (host) => createBedrockProvider({ host, region: "eu-central-1", env: awsEnv }),
    asked: { path: `/model/${encodeURIComponent("us.anthropic.claude-3-sonnet-20240229-v1:0")}/converse-stream` },
    keyHint: "AWS_ACCESS_KEY_ID",
    // aimock's message is not where the AWS SDK looks for one.
    words: "HTTP 429",
  },
  ollama: {
    create: (host) => createOllamaProvider({ host, env: {} }),
    asked: { path: "/api/chat", body: { model: "gpt-oss" } },
    keyHint: "ollama signin",
    sdk: { name: "ollama", version: "0.6.4" },
    // aimock counts none here.
    usage: { inputTokens: 0, outputTokens: 0 },
  },
  "@ai-sdk/openai": {
    ...aiSdk((url) => createOpenAI({ apiKey, baseURL: `${url}/v1` }).chat("gpt-4o-mini")),
    asked: { path: "/v1/chat/completions", body: { model: "gpt-4o-mini" } },
  },
  "@ai-sdk/openai, responses": {
    ...aiSdk((url) => createOpenAI({ apiKey, baseURL: `${url}/v1` })("gpt-4o-mini")),
    asked: { path: "/v1/responses", body: { model: "gpt-4o-mini" } },
  },
  "@ai-sdk/anthropic": {
    ...aiSdk((url) => createAnthropic({ apiKey, baseURL: `${url}/v1` })("claude-sonnet-4-6")),
    asked: { path: "/v1/messages", body: { model: "claude-sonnet-4-6" } },
  },
  "@ai-sdk/google": {
    ...aiSdk((url) => createGoogleGenerativeAI({ apiKey, baseURL: `${url}/v1beta` })("gemini-2.5-flash")),
    asked: { path: geminiPath },
    toolFinish,
  },
};

const inputSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const;
/** As the vendors name them. */
const tokens = { input_tokens: 5, output_tokens: 3, prompt_tokens: 5, completion_tokens: 3 };

describe.each(Object.entries(subjects))("%s against aimock", (_name, subject) => {
  const { modelId, usage = { inputTokens: 5, outputTokens: 3 } } = subject;
  const inputs: unknown[] = [];
  const weather: Tool = {
    name: "weather.now",
    description: "Tells the weather.",
    inputSchema,
    effect: "read",
    execute(input) {
      inputs.push(input);
      return { degrees: 21 };
    },
  };

  let mock: LLMock;
  let provider: ModelProvider;
  let client: WorkflowClient;
  beforeEach(async () => {
    inputs.length = 0;
    mock = new LLMock({ port: 0, logLevel: "silent" });
    provider = subject.create(await mock.start());
    client = new WorkflowClient({ providers: [provider], tools: [weather] });
  });
  afterEach(async () => {
    await client.close();
    await mock.stop();
  });

  const ask = async (request: Partial<ModelRequest> = {}): Promise<Answer> => {
    const model = await provider.model({ provider: provider.name, modelId, host: undefined, region: undefined });
    return collect(model.stream(modelRequest(request), new AbortController()));
  };

  /** Starts a workflow whose only agent has this input. */
  const start = (input: string, agent: Partial<AgentSpec> = {}): Run =>
    client.start({
      version: 1,
      name: "one",
      runtime: {
        provider: provider.name,
        ...(modelId === undefined ? {} : { model_id: modelId }),
        failure_policy: { retries: 0 },
      },
      agents: { guide: { prompt: "Be brief.", ...agent } },
      pattern: { type: "chain", config: { steps: [{ agent: "guide", input }] } },
    });

  it("gives text, usage and finish reason, asked of the right model", async () => {
    mock.onMessage("Hello", { content: "Hi there!", usage: tokens });
    expect(await ask()).toEqual({ text: "Hi there!", toolCalls: [], usage, finish: "stop" });
    expect(mock.getLastRequest()).toMatchObject(subject.asked);
  });

  it("streams the text of a workflow, with usage", async () => {
    mock.onMessage("poem", { content: "Roses are red, and the stream goes on.", usage: tokens });
    const run = start("Write a poem");
    const pieces: string[] = [];
    for await (const event of run.events()) if (event.type === "token") pieces.push(event.text);
    expect(pieces.length).toBeGreaterThan(1);
    const lastResponse = "Roses are red, and the stream goes on.";
    expect(await run.result).toMatchObject({ status: "completed", lastResponse, usage });
  });

  it("runs a workflow whose agent calls a tool", async () => {
    mock.on({ hasToolResult: true }, { content: "It is 21 degrees in Oslo." });
    mock.onMessage("weather", { toolCalls: [{ id: "call_1", name: "weather_now", arguments: '{"city":"Oslo"}' }] });
    const result = await start("The weather up north?").result;
    expect(result).toMatchObject({ status: "completed", lastResponse: "It is 21 degrees in Oslo." });
    expect(inputs).toEqual([{ city: "Oslo" }]);
    expect(mock.getRequests()).toHaveLength(2);
    expect(JSON.stringify(mock.getLastRequest()?.body)).toContain("Oslo");
  });

  it("calls two tools at once, and goes on with their results", async () => {
    mock.on({ hasToolResult: true }, { content: "Bring an umbrella in Bergen." });
    mock.onMessage("Umbrella?", {
      toolCalls: [
        { name: "weather_now", arguments: '{"city":"Bergen"}' },
        { name: "weather_now", arguments: '{"city":"Nice"}' },
      ],
    });
    const question: Message = { role: "user", content: "Umbrella?" };
    const first = await ask({ messages: [question], tools: [weather] });
    expect(first.finish).toBe(subject.toolFinish ?? "tool_calls");
    expect(first.toolCalls.map(({ name, input }) => [name, input])).toEqual([
      ["weather.now", { city: "Bergen" }],
      ["weather.now", { city: "Nice" }],
    ]);
    const results = first.toolCalls.map(({ id, name }) => ({ callId: id, name, content: "rain", isError: false }));
    const said: Message = { role: "assistant", content: first.text, toolCalls: first.toolCalls };
    const second = await ask({ messages: [question, said, { role: "tool", results }], tools: [weather] });
    expect(second).toMatchObject({ text: "Bring an umbrella in Bergen.", finish: "stop" });
  });

  it("gives data by a schema", async () => {
    mock.onMessage("where", { content: '{"city":"Oslo"}' });
    const run = start("where?", { tools: [], output_schema: { ...inputSchema, additionalProperties: false } });
    expect(await run.result).toMatchObject({ status: "completed", data: { city: "Oslo" } });
  });

  it.each([
    { statusCode: 401, type: "authentication_error", code: "PROVIDER_AUTH", retryable: false },
    { statusCode: 429, type: "rate_limit_error", code: "PROVIDER_RATE_LIMIT", retryable: true },
    { statusCode: 503, type: "UNAVAILABLE", code: "PROVIDER_UNAVAILABLE", retryable: true },
    { statusCode: 529, type: "overloaded_error", code: "PROVIDER_UNAVAILABLE", retryable: true },
  ])("takes status $statusCode for $code", async ({ statusCode, type, code, retryable }) => {
    mock.nextRequestError(statusCode, { type, message: "no" });
    const error = await failureOf(ask());
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code, statusCode, retryable });
    if (statusCode === 401) expect(error).toMatchObject({ hint: expect.stringContaining(subject.keyHint) });
  });

  it("fails with what the service says", async () => {
    mock.onMessage("broken", { error: { message: "No more tokens", type: "rate_limit_error" }, status: 429 });
    expect(await start("broken").result).toMatchObject({
      status: "failed",
      error: {
        message: expect.stringContaining(subject.words ?? "No more tokens"),
        details: { causeCode: "PROVIDER_RATE_LIMIT" },
      },
    });
  });

  if (subject.sdk !== undefined) {
    it("reaches the server for a diagnosis", async () => {
      const diagnosis = await provider.diagnose?.({ online: true, signal: new AbortController().signal });
      expect(diagnosis).toMatchObject({ package: subject.sdk, reachable: { ok: true } });
    });
  }
});
