import type { JsonObject, ModelRequest } from "@strands/core";
import type { FaultScript } from "@strands/testing/model";
import { collect, FaultServer, failureOf, modelRequest, respond } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGeminiProvider } from "../src/index.js";
import { event, geminiWire, piece } from "./gemini-wire.js";

let server: FaultServer;
beforeEach(async () => {
  server = await FaultServer.start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const schema: JsonObject = { type: "object", properties: { name: { type: "string" } } };
const tool = { name: "files.read", description: "Reads.", inputSchema: schema };

function reply(...events: readonly Uint8Array[]): FaultScript {
  return respond({ contentType: "text/event-stream" }, ...events);
}

function refusal(status: number, error: JsonObject, headers: Record<string, string> = {}): FaultScript {
  return respond({ status, contentType: "application/json", headers }, JSON.stringify({ error }));
}

async function ask(request: Partial<ModelRequest> = {}, modelId = "gemini-3-pro", baseUrl = server.url) {
  const provider = createGeminiProvider({ apiKey: "secret-key", baseUrl, env: {} });
  const model = await provider.model({ provider: "gemini", modelId, host: undefined, region: undefined });
  return collect(model.stream(modelRequest({ modelId, ...request }), new AbortController()));
}

const fail = (request?: Partial<ModelRequest>, modelId?: string) => failureOf(ask(request, modelId));

const body = () => server.requests.at(-1)?.body as JsonObject;

describe("requests", () => {
  beforeEach(() => server.play(reply(...geminiWire.events({ text: ["ok"] }))));

  it("sends only what is set", async () => {
    await ask();
    expect(body()).toEqual({ contents: [{ role: "user", parts: [{ text: "Hello" }] }], generationConfig: {} });
    await ask({ maxTokens: 7, temperature: 0, topP: 0.5, system: "Be brief." });
    expect(body()).toMatchObject({
      systemInstruction: { parts: [{ text: "Be brief." }] },
      generationConfig: { maxOutputTokens: 7, temperature: 0, topP: 0.5 },
    });
  });

  it("declares tools by JSON Schema, and leaves it out where a tool takes nothing", async () => {
    await ask({
      tools: [tool, { name: "now", description: "Tells.", inputSchema: { type: "object", properties: {} } }],
    });
    expect(body()["tools"]).toEqual([
      {
        functionDeclarations: [
          { name: "files_read", description: "Reads.", parametersJsonSchema: schema },
          { name: "now", description: "Tells." },
        ],
      },
    ]);
  });

  it("holds the answer to a schema, except with tools where models before Gemini 3 refuse it", async () => {
    const held = { responseMimeType: "application/json", responseJsonSchema: schema };
    await ask({ outputSchema: schema }, "gemini-2.5-flash");
    expect(body()["generationConfig"]).toEqual(held);
    await ask({ outputSchema: schema, tools: [tool] }, "gemini-3-flash");
    expect(body()["generationConfig"]).toEqual(held);
    await ask({ outputSchema: schema, tools: [tool] }, "gemini-2.5-flash");
    expect(body()["generationConfig"]).toEqual({});
  });

  it("takes the first key of the environment that is not blank, and the base URL", async () => {
    const env = { GOOGLE_API_KEY: " ", GEMINI_API_KEY: "second", GOOGLE_GEMINI_BASE_URL: server.url };
    const settings = { provider: "gemini", modelId: undefined, host: undefined, region: undefined };
    for (const key of ["second", "first"]) {
      const provider = createGeminiProvider({ env: key === "first" ? { ...env, GOOGLE_API_KEY: "first" } : env });
      await provider.check?.(settings);
      await collect((await provider.model(settings)).stream(modelRequest(), new AbortController()));
      expect(server.requests.at(-1)).toMatchObject({
        path: "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
        headers: { "x-goog-api-key": key },
      });
    }
  });
});

it("is the Gemini API with a key, whatever else the environment sets up", async () => {
  for (const name of ["GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"]) vi.stubEnv(name, "true");
  vi.stubEnv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:1");
  server.play(reply(...geminiWire.events({ text: ["ok"] })));
  expect((await ask()).text).toBe("ok");
  expect(server.requests[0]?.path).toBe("/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse");
});

describe("answers", () => {
  it("leaves out thoughts, and counts them", async () => {
    const usageMetadata = { promptTokenCount: 8, candidatesTokenCount: 2, thoughtsTokenCount: 40 };
    const parts = [{ text: "Hm, let me see.", thought: true }, { text: "It is " }, { text: "4." }];
    server.play(reply(piece(parts), piece([], { finishReason: "STOP", usageMetadata })));
    const usage = { inputTokens: 8, outputTokens: 42 };
    expect(await ask()).toEqual({ text: "It is 4.", toolCalls: [], usage, finish: "stop" });
  });

  it("takes the last count, which holds those before it", async () => {
    const counted = (promptTokenCount: number, candidatesTokenCount: number) => ({
      usageMetadata: { promptTokenCount, candidatesTokenCount },
    });
    const end = event({ candidates: [{ finishReason: "STOP" }] });
    server.play(reply(piece([{ text: "a" }], counted(3, 1)), end, event(counted(3, 2))));
    expect((await ask()).usage).toEqual({ inputTokens: 3, outputTokens: 2 });
  });

  it("keeps the signature of a call, and sends it back unchanged with its id", async () => {
    const calls = [
      { functionCall: { id: "f1", name: "files_read", args: { name: "a" } }, thoughtSignature: "c2lnbmF0dXJl" },
      { functionCall: { id: "f2", name: "files_read", args: { name: "b" } } },
    ];
    const end = piece([], { finishReason: "STOP" });
    server.play(reply(piece(calls), end), reply(...geminiWire.events({ text: ["ok"] })));
    const { toolCalls, finish } = await ask({ tools: [tool] });
    expect(finish).toBe("tool_calls");
    expect(toolCalls).toEqual([
      { id: "f1", name: "files.read", input: { name: "a" }, providerData: { thoughtSignature: "c2lnbmF0dXJl" } },
      { id: "f2", name: "files.read", input: { name: "b" } },
    ]);
    // Once through JSON, as the journal keeps it.
    const kept = JSON.parse(JSON.stringify(toolCalls)) as typeof toolCalls;
    const results = kept.map(({ id: callId, name }) => ({ callId, name, content: "x", isError: false }));
    await ask({
      tools: [tool],
      messages: [
        { role: "assistant", content: "", toolCalls: kept },
        { role: "tool", results },
      ],
    });
    const response = (id: string) => ({ functionResponse: { id, name: "files_read", response: { output: "x" } } });
    expect(body()["contents"]).toEqual([
      { role: "model", parts: calls },
      { role: "user", parts: [response("f1"), response("f2")] },
    ]);
  });

  it("gives calls without an id one that is not in the conversation yet", async () => {
    const call = { functionCall: { name: "files_read", args: {} } };
    server.play(reply(piece([call]), piece([call], { finishReason: "STOP" })));
    const first = await ask({ tools: [tool] });
    expect(first.toolCalls.map(({ id }) => id)).toEqual(["call_0", "call_1"]);
    const messages = [{ role: "assistant", content: "", toolCalls: first.toolCalls }] as const;
    expect((await ask({ tools: [tool], messages })).toolCalls.map(({ id }) => id)).toEqual(["call_2", "call_3"]);
  });

  it("ends with the content filter when the prompt is blocked", async () => {
    server.play(
      reply(event({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: { promptTokenCount: 4 } })),
    );
    const usage = { inputTokens: 4, outputTokens: 0 };
    expect(await ask()).toEqual({ text: "", toolCalls: [], usage, finish: "content_filter" });
  });

  it("asks to try again when the model's call of a tool was no call", async () => {
    server.play(reply(piece([], { finishReason: "MALFORMED_FUNCTION_CALL" })));
    expect(await fail()).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", retryable: true });
    server.play(reply(piece([{ text: "Some" }], { finishReason: "MALFORMED_FUNCTION_CALL" })));
    expect(await ask()).toMatchObject({ text: "Some", finish: "other" });
  });

  it("loses nothing to the ids and comments of a proxy", async () => {
    const events = [piece([{ text: "a" }]), piece([{ text: "b" }], { finishReason: "STOP" })];
    server.play(reply(...events.map((data, id) => Buffer.concat([Buffer.from(`: proxy\r\nid: ${id}\r\n`), data]))));
    expect((await ask()).text).toBe("ab");
  });

  it("goes on where the server stopped at a checkpoint", async () => {
    const checkpoint = event({
      candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "CONTINUATION", continuationToken: "t1" }],
    });
    server.play(reply(checkpoint), reply(piece([{ text: "b" }], { finishReason: "STOP" })));
    expect(await ask()).toMatchObject({ text: "ab", finish: "stop" });
    expect(body()["continuationToken"]).toBe("t1");
  });
});

describe("errors", () => {
  const google = "type.googleapis.com/google.rpc";

  it.each([
    [{ status: "INVALID_ARGUMENT", message: "API key not valid. Please pass a valid API key." }],
    [
      {
        status: "INVALID_ARGUMENT",
        message: "Bad",
        details: [{ "@type": `${google}.ErrorInfo`, reason: "API_KEY_INVALID" }],
      },
    ],
  ])("knows a wrong key by more than the status 400", async (error) => {
    server.play(refusal(400, error));
    expect(await fail()).toMatchObject({
      code: "PROVIDER_AUTH",
      statusCode: 400,
      hint: expect.stringContaining("GOOGLE_API_KEY or GEMINI_API_KEY"),
    });
  });

  it("passes on how long to wait, from the body when no header says it", async () => {
    const error = {
      status: "RESOURCE_EXHAUSTED",
      message: "Slow down",
      details: [{ "@type": `${google}.RetryInfo`, retryDelay: "34.07s" }],
    };
    server.play(refusal(429, error), refusal(429, error, { "retry-after": "2" }));
    expect(await fail()).toMatchObject({ code: "PROVIDER_RATE_LIMIT", retryable: true, retryAfterMs: 34_070 });
    expect(await fail()).toMatchObject({ retryAfterMs: 2_000 });
  });

  it("waits for the quota of a minute, and not for that of a day", async () => {
    const quota = (quotaId: string) => ({
      status: "RESOURCE_EXHAUSTED",
      message: "Quota",
      details: [{ violations: [{ quotaId }] }],
    });
    server.play(refusal(429, quota("RequestsPerMinutePerProject")), refusal(429, quota("RequestsPerDayPerProject")));
    expect(await fail()).toMatchObject({ code: "PROVIDER_RATE_LIMIT", retryable: true });
    expect(await fail()).toMatchObject({ code: "PROVIDER_RATE_LIMIT", retryable: false });
  });

  it.each([
    [503, "UNAVAILABLE", "PROVIDER_UNAVAILABLE", true],
    [504, "DEADLINE_EXCEEDED", "PROVIDER_TIMEOUT", true],
    [404, "NOT_FOUND", "PROVIDER_BAD_REQUEST", false],
    [403, "PERMISSION_DENIED", "PROVIDER_AUTH", false],
  ])("status %i in mid-stream and with a status of success (%s)", async (code, status, expected, retryable) => {
    const error = { code, status, message: "Sorry" };
    server.play(reply(piece([{ text: "a" }]), event({ error })), refusal(code, error), refusal(200, error));
    for (let time = 0; time < 3; time += 1) {
      expect(await fail()).toMatchObject({ code: expected, retryable, message: expect.stringContaining("Sorry") });
    }
  });

  it("keeps the status of an error whose body cannot be read", async () => {
    const head = { status: 429, contentType: "application/json", headers: { "retry-after": "5" } };
    server.play(respond(head, "{oops"));
    expect(await fail()).toMatchObject({ code: "PROVIDER_RATE_LIMIT", statusCode: 429, retryAfterMs: 5_000 });
  });

  it("does not show the page of a proxy", async () => {
    server.play(respond({ status: 502, contentType: "text/html" }, "<html><h1>Bad gateway</h1></html>"));
    expect((await fail()).message).toBe("Gemini is not available (HTTP 502)");
  });

  it("says what is wrong with a name of a model that cannot be asked for", async () => {
    const error = await fail({}, "../files");
    expect(error).toMatchObject({ code: "PROVIDER_BAD_REQUEST", retryable: false });
    expect(server.requests).toHaveLength(0);
  });

  it("says where it found nobody", async () => {
    const { url } = server;
    await server.close();
    const error = await ask({}, "m", url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("ECONNREFUSED"),
      hint: expect.stringContaining(url),
    });
  });
});

describe("looking around", () => {
  const { signal } = new AbortController();

  it("asks for the list of models when it is to reach the service", async () => {
    const { contentType = "", body = "" } = geminiWire.listing?.() ?? {};
    server.play(respond({ contentType }, body));
    const provider = createGeminiProvider({ apiKey: "secret-key", baseUrl: server.url, env: {} });
    const diagnosis = await provider.diagnose?.({ online: true, signal });
    expect(diagnosis).toMatchObject({ package: { name: "@google/genai" }, reachable: { ok: true } });
    expect(diagnosis?.package.version).toMatch(/^2\./);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1beta/models?pageSize=1"]);
  });

  it("says what is wrong with the key, without saying the key", async () => {
    server.play(refusal(400, { status: "INVALID_ARGUMENT", message: "API key not valid: secret-key" }));
    const provider = createGeminiProvider({ apiKey: "secret-key", baseUrl: server.url, env: {} });
    const diagnosis = await provider.diagnose?.({ online: true, signal });
    expect(diagnosis?.reachable).toMatchObject({ ok: false, error: { code: "PROVIDER_AUTH" } });
    expect(JSON.stringify(diagnosis)).not.toContain("secret-key");
  });

  it("says which variables to set, before anything is called", () => {
    const settings = { provider: "gemini", modelId: undefined, host: undefined, region: undefined };
    const hint = "Set `GOOGLE_API_KEY` or `GEMINI_API_KEY` in the environment, or give the provider an `apiKey`.";
    expect(() => createGeminiProvider({ env: {} }).check?.(settings)).toThrow(
      expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED", hint }),
    );
  });
});
