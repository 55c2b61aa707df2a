import { setImmediate as nextTurn } from "node:timers/promises";
import type { JsonObject, ModelRequest } from "@strands/core";
import type { FaultScript } from "@strands/testing/model";
import { collect, FaultServer, failureOf, modelRequest, respond } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAnthropicProvider } from "../src/index.js";
import { anthropicWire, block, event } from "./anthropic-wire.js";

let server: FaultServer;
beforeEach(async () => {
  server = await FaultServer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await server.close();
});

const schema: JsonObject = {
  type: "object",
  properties: { name: { type: "string", maxLength: 9 } },
  required: ["name"],
};
const tool = { name: "files.read", description: "Reads.", inputSchema: { type: "object", properties: {} } };

function reply(events: readonly Uint8Array[]): FaultScript {
  return respond({ contentType: "text/event-stream" }, ...events);
}

function refusal(status: number, headers: Record<string, string>, error: JsonObject): FaultScript {
  return respond({ status, contentType: "application/json", headers }, JSON.stringify(error));
}

/** A message with these blocks, each a function of its place. */
function message(stop_reason: string, ...blocks: readonly ((index: number) => Uint8Array[])[]): FaultScript {
  return reply([
    event("message_start", { type: "message_start", message: { usage: { input_tokens: 1, output_tokens: 1 } } }),
    ...blocks.flatMap((make, index) => make(index)),
    event("message_delta", { type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 2 } }),
    event("message_stop", { type: "message_stop" }),
  ]);
}

async function stream(request: Partial<ModelRequest> = {}, modelId = "claude-sonnet-5", baseUrl = server.url) {
  const provider = createAnthropicProvider({ apiKey: "secret-key", baseUrl, env: {} });
  const model = await provider.model({ provider: "anthropic", modelId, host: undefined, region: undefined });
  return model.stream(modelRequest({ modelId, ...request }), new AbortController());
}

const ask = async (...asked: Parameters<typeof stream>) => collect(await stream(...asked));

const fail = (request?: Partial<ModelRequest>) => failureOf(ask(request));

const body = () => server.requests.at(-1)?.body as JsonObject;

describe("requests", () => {
  beforeEach(() => server.play(reply(anthropicWire.events({ text: ["ok"] }))));

  it("sends only what is set, and a limit that suits the model", async () => {
    await ask();
    expect(body()).toEqual({
      model: "claude-sonnet-5",
      stream: true,
      max_tokens: 64_000,
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    });
    await ask({}, "claude-3-5-haiku-latest");
    expect(body()["max_tokens"]).toBe(8_192);
    await ask({ maxTokens: 7, temperature: 0, topP: 0.5, system: "Be brief." });
    expect(body()).toMatchObject({ max_tokens: 7, temperature: 0, top_p: 0.5, system: "Be brief." });
  });

  it("takes the model of the settings, and the default when there is none", async () => {
    await ask({ modelId: undefined }, "claude-opus-5");
    expect(body()["model"]).toBe("claude-opus-5");
    const provider = createAnthropicProvider({ apiKey: "k", baseUrl: server.url, env: {} });
    const model = await provider.model({
      provider: "anthropic",
      modelId: undefined,
      host: undefined,
      region: undefined,
    });
    expect(model.modelId).toMatch(/^claude-/);
  });

  it("declares tools, with an object for those without a schema", async () => {
    await ask({ tools: [tool, { name: "now", description: "", inputSchema: {} }] });
    expect(body()["tools"]).toEqual([
      { name: "files_read", description: "Reads.", input_schema: { type: "object", properties: {} } },
      { name: "now", input_schema: { type: "object" } },
    ]);
  });

  it("holds newer models to a schema in the form that the format allows", async () => {
    await ask({ outputSchema: schema });
    expect(body()["output_config"]).toEqual({
      format: {
        type: "json_schema",
        schema: {
          type: "object",
          properties: { name: { type: "string", description: "{maxLength: 9}" } },
          additionalProperties: false,
          required: ["name"],
        },
      },
    });
    expect(body()["tools"]).toBeUndefined();
  });

  it("takes the key of a function, asked anew for each call", async () => {
    let asked = 0;
    const provider = createAnthropicProvider({ apiKey: () => `key-${++asked}`, baseUrl: server.url, env: {} });
    const model = await provider.model({ provider: "anthropic", modelId: "m", host: undefined, region: undefined });
    for (let call = 0; call < 2; call += 1) await collect(model.stream(modelRequest(), new AbortController()));
    expect(server.requests.map((request) => anthropicWire.readRequest(request).key)).toEqual(["key-1", "key-2"]);
  });

  it("takes key and base URL of the environment, and the host of the workflow before it", async () => {
    const env = { ANTHROPIC_API_KEY: "of-env", ANTHROPIC_BASE_URL: "http://127.0.0.1:1" };
    const provider = createAnthropicProvider({ env });
    const model = await provider.model({
      provider: "anthropic",
      modelId: "m",
      host: `${server.url}/`,
      region: undefined,
    });
    await collect(model.stream(modelRequest(), new AbortController()));
    expect(server.requests[0]?.path).toBe("/v1/messages");
    expect(server.requests[0] && anthropicWire.readRequest(server.requests[0]).key).toBe("of-env");
  });
});

describe("answers", () => {
  it("counts the prompt cache as input", async () => {
    const usage = { input_tokens: 5, cache_read_input_tokens: 100, cache_creation_input_tokens: 20, output_tokens: 1 };
    const counted = { output_tokens: 30, input_tokens: 6, cache_read_input_tokens: null };
    server.play(
      reply([
        event("message_start", { type: "message_start", message: { usage } }),
        event("message_delta", { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: counted }),
        event("message_stop", { type: "message_stop" }),
      ]),
    );
    expect((await ask()).usage).toEqual({ inputTokens: 126, outputTokens: 30 });
  });

  it("keeps thinking out of the text and with the first call, to go back unchanged", async () => {
    const thinking = (index: number) =>
      block(index, { type: "thinking", thinking: "", signature: "" }, [
        { type: "thinking_delta", thinking: "Let me " },
        { type: "thinking_delta", thinking: "see." },
        { type: "signature_delta", signature: "c2ln" },
      ]);
    const redacted = (index: number) => block(index, { type: "redacted_thinking", data: "x" }, []);
    const call = (id: string) => (index: number) => block(index, { type: "tool_use", id, name: "t", input: {} }, []);
    server.play(message("tool_use", thinking, redacted, call("1"), call("2")), message("end_turn"));
    const { text, toolCalls } = await ask();
    expect(text).toBe("");
    const blocks = [
      { type: "thinking", thinking: "Let me see.", signature: "c2ln" },
      { type: "redacted_thinking", data: "x" },
    ];
    expect(toolCalls).toEqual([
      { id: "1", name: "t", input: {}, providerData: { thinking: blocks } },
      { id: "2", name: "t", input: {} },
    ]);
    // Once through JSON, as the journal keeps it.
    const kept = JSON.parse(JSON.stringify(toolCalls)) as typeof toolCalls;
    await ask({
      messages: [
        { role: "user", content: "?" },
        { role: "assistant", content: "", toolCalls: kept },
      ],
    });
    const [, turn] = body()["messages"] as unknown as { content: JsonObject[] }[];
    expect(turn?.content.slice(0, 2)).toEqual(blocks);
  });

  it("makes the answer of older models out of the arguments of a tool", async () => {
    const deltas = ['{"name":', '"Ada"}'].map((partial_json) => ({ type: "input_json_delta", partial_json }));
    const preamble = (index: number) => block(index, { type: "text", text: "Here:" }, []);
    const answer = (index: number) =>
      block(index, { type: "tool_use", id: "1", name: "strands_answer", input: {} }, deltas);
    server.play(message("tool_use", preamble, answer));
    const { text, toolCalls, finish } = await ask({ outputSchema: schema }, "claude-sonnet-4-20250514");
    expect({ text, toolCalls, finish }).toEqual({ text: '{"name":"Ada"}', toolCalls: [], finish: "stop" });
    expect(body()["tool_choice"]).toEqual({ type: "tool", name: "strands_answer" });
    expect(body()["tools"]).toMatchObject([{ name: "strands_answer", input_schema: schema }]);
  });

  it("lets older models call other tools first", async () => {
    const call = (index: number) => block(index, { type: "tool_use", id: "1", name: "files_read", input: {} }, []);
    server.play(message("tool_use", call));
    const answer = await ask({ outputSchema: schema, tools: [tool] }, "claude-3-7-sonnet-latest");
    expect(answer).toMatchObject({ text: "", toolCalls: [{ id: "1", name: "files.read" }], finish: "tool_calls" });
    expect(body()["tool_choice"]).toEqual({ type: "any" });
  });

  it("passes over blocks and events that it does not know, and tools of the vendor", async () => {
    const vendorTool = (index: number) =>
      block(index, { type: "server_tool_use", id: "s", name: "web_search", input: {} }, [
        { type: "input_json_delta", partial_json: '{"q":1}' },
        { type: "flare_delta", flare: 1 },
      ]);
    const text = (index: number) => [
      event("sunspot", { type: "sunspot" }),
      ...block(index, { type: "text", text: "ok" }, []),
    ];
    server.play(message("end_turn", vendorTool, text));
    expect(await ask()).toMatchObject({ text: "ok", toolCalls: [], finish: "stop" });
  });

  it("uses the connection again when the response ends a little after its last event", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let end = (): void => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    const whole = reply(anthropicWire.events({ text: ["ok"] }));
    server.play([...whole.slice(0, -1), { do: "wait", until }, { do: "end" }], whole);
    for await (const chunk of await stream()) if (typeof chunk === "object" && chunk.type === "finish") end();
    await nextTurn();
    expect((await ask()).text).toBe("ok");
    expect(server.connections).toBe(1);
  });

  it("does not wait for long for the end of the response", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    server.play([...reply(anthropicWire.events({ text: ["ok"] })).slice(0, -1), { do: "hang" }]);
    const chunks = (await stream())[Symbol.asyncIterator]();
    for (let chunk = await chunks.next(); ; chunk = await chunks.next()) {
      if (typeof chunk.value === "object" && chunk.value.type === "finish") break;
    }
    const last = chunks.next();
    await vi.advanceTimersByTimeAsync(100);
    expect(await last).toEqual({ done: true, value: undefined });
    await server.untilIdle();
  });

  it("takes an answer that is whole, however the connection ends", async () => {
    server.play([...reply(anthropicWire.events({ text: ["ok"] })).slice(0, -1), { do: "half_close" }]);
    expect(await ask()).toMatchObject({ text: "ok", finish: "stop" });
  });

  it("writes nothing to the console, whatever the environment says", async () => {
    vi.stubEnv("ANTHROPIC_LOG", "debug");
    const methods = ["debug", "info", "log", "warn", "error"] as const;
    const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => {}));
    const [first = new Uint8Array()] = anthropicWire.events({});
    server.play(reply([first, Buffer.from("event: content_block_delta\ndata: {oops\n\n")]));
    expect(await fail()).toMatchObject({ code: "PROVIDER_BAD_RESPONSE" });
    expect(spies.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it("takes nothing that comes after the end", async () => {
    const late = block(1, { type: "text", text: "late" }, []);
    server.play(reply([...anthropicWire.events({ text: ["ok"] }), ...late]));
    expect((await ask()).text).toBe("ok");
  });
});

describe("errors", () => {
  it.each([
    ["overloaded_error", "PROVIDER_UNAVAILABLE", true],
    ["api_error", "PROVIDER_UNAVAILABLE", true],
    ["rate_limit_error", "PROVIDER_RATE_LIMIT", true],
    ["timeout_error", "PROVIDER_TIMEOUT", true],
    ["billing_error", "PROVIDER_RATE_LIMIT", false],
    ["authentication_error", "PROVIDER_AUTH", false],
    ["permission_error", "PROVIDER_AUTH", false],
    ["invalid_request_error", "PROVIDER_BAD_REQUEST", false],
    ["not_found_error", "PROVIDER_BAD_REQUEST", false],
    ["request_too_large", "PROVIDER_CONTEXT_OVERFLOW", false],
    ["solar_flare", "PROVIDER_UNAVAILABLE", true],
  ])("%s in mid-stream is %s", async (type, code, retryable) => {
    const [first = new Uint8Array()] = anthropicWire.events({});
    server.play(reply([first, event("error", { type: "error", error: { type, message: "Sorry" } })]));
    expect(await fail()).toMatchObject({
      code,
      retryable,
      provider: "anthropic",
      message: expect.stringContaining("Sorry"),
    });
  });

  it("reads an error with a status of success", async () => {
    server.play(refusal(200, { "request-id": "req_1" }, { error: { type: "overloaded_error", message: "Busy" } }));
    expect(await fail()).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: true, requestId: "req_1" });
  });

  it("says that the service is overloaded", async () => {
    server.play(refusal(529, { "retry-after": "3" }, { error: { type: "overloaded_error", message: "Overloaded" } }));
    expect(await fail()).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      statusCode: 529,
      retryable: true,
      retryAfterMs: 3000,
    });
  });

  it("does as the service says about trying again", async () => {
    const error = { error: { type: "rate_limit_error", message: "No more today" } };
    server.play(refusal(429, { "x-should-retry": "false" }, error));
    expect(await fail()).toMatchObject({ code: "PROVIDER_RATE_LIMIT", retryable: false });
  });

  it.each([
    [400, "invalid_request_error", "Your credit balance is too low to access the API."],
    [402, "billing_error", "Payment required"],
    [400, "invalid_request_error", "You have reached your specified API usage limits."],
  ])("tells a used-up account from a bad request (status %i, %s)", async (status, type, words) => {
    server.play(refusal(status, {}, { error: { type, message: words } }));
    expect(await fail()).toMatchObject({
      code: "PROVIDER_RATE_LIMIT",
      retryable: false,
      hint: expect.stringContaining("credit"),
    });
  });

  it.each([
    "prompt is too long: 208310 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000",
  ])("knows a conversation that is too long: %s", async (words) => {
    server.play(refusal(400, {}, { error: { type: "invalid_request_error", message: words } }));
    expect(await fail()).toMatchObject({ code: "PROVIDER_CONTEXT_OVERFLOW" });
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
    const { contentType = "", body = "" } = anthropicWire.listing?.() ?? {};
    server.play(respond({ contentType }, body));
    const provider = createAnthropicProvider({ apiKey: "secret-key", baseUrl: server.url, env: {} });
    const diagnosis = await provider.diagnose?.({ online: true, signal });
    expect(diagnosis).toMatchObject({ package: { name: "@anthropic-ai/sdk" }, reachable: { ok: true } });
    expect(diagnosis?.package.version).toMatch(/^1\./);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1/models?limit=1"]);
  });

  it("says what is wrong with the key, without saying the key", async () => {
    server.play(refusal(401, {}, { error: { type: "authentication_error", message: "secret-key is invalid" } }));
    const provider = createAnthropicProvider({ apiKey: "secret-key", baseUrl: server.url, env: {} });
    const diagnosis = await provider.diagnose?.({ online: true, signal });
    expect(diagnosis?.reachable).toMatchObject({ ok: false, error: { code: "PROVIDER_AUTH" } });
    expect(JSON.stringify(diagnosis)).not.toContain("secret-key");
  });

  it("says which variable to set, before anything is called", () => {
    const settings = { provider: "anthropic", modelId: undefined, host: undefined, region: undefined };
    expect(() => createAnthropicProvider({ env: {} }).check?.(settings)).toThrow(
      expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED", hint: expect.stringContaining("ANTHROPIC_API_KEY") }),
    );
    void createAnthropicProvider({ env: { ANTHROPIC_API_KEY: "k" } }).check?.(settings);
  });
});
