import { collect, FaultServer, failureOf, modelRequest } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, events, json, settingsOf } from "../test/ask.js";
import { createOpenAIProvider, type OpenAIProviderOptions } from "./openai-provider.js";

let server: FaultServer;
beforeEach(async () => {
  server = await FaultServer.start();
  server.play(events({ choices: [{ delta: { content: "ok" }, finish_reason: "stop" }] }, "[DONE]"));
});
afterEach(() => server.close());

const create = (options: OpenAIProviderOptions = {}) => createOpenAIProvider({ env: {}, ...options });
const bodyOf = (index = 0) => server.requests[index]?.body as Record<string, unknown>;

describe("where it asks", () => {
  it("takes the workflow's host, then the option, then OPENAI_BASE_URL", async () => {
    const env = { OPENAI_BASE_URL: `${server.url}/env` };
    await ask(create({ env }));
    await ask(create({ env, baseUrl: `${server.url}/option/` }));
    await ask(create({ env, baseUrl: `${server.url}/option` }), { host: `${server.url}/host` });
    expect(server.requests.map(({ path }) => path)).toEqual(
      ["/env", "/option", "/host"].map((path) => `${path}/chat/completions`),
    );
  });

  it.each(["localhost:8080/v1", "ftp://host/v1", "http://me:secret@host/v1"])("refuses %s", async (host) => {
    const provider = create({ apiKey: "k" });
    for (const work of [async () => provider.check?.(settingsOf(provider, { host })), () => ask(provider, { host })]) {
      expect(await failureOf(work())).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED" });
    }
  });

  it("has a default model, and takes the workflow's", async () => {
    const provider = create({ baseUrl: server.url });
    await ask(provider);
    await ask(provider, { modelId: "mine" });
    expect([bodyOf(0)["model"], bodyOf(1)["model"]]).toEqual(["gpt-4o-mini", "mine"]);
  });

  it("uses the fetch it was given", async () => {
    const fetch = vi.fn(globalThis.fetch);
    await ask(create({ baseUrl: server.url, fetch }));
    expect(fetch).toHaveBeenCalledOnce();
  });
});

describe("the key", () => {
  const keysSent = () => server.requests.map(({ headers }) => headers["authorization"]);

  it("comes from the option, a function, or OPENAI_API_KEY, and is asked for at every call", async () => {
    const env = { OPENAI_API_KEY: " from-env " };
    let count = 0;
    const rotating = create({ baseUrl: server.url, apiKey: async () => `key-${++count}` });
    await ask(create({ baseUrl: server.url, env }));
    await ask(create({ baseUrl: server.url, env, apiKey: "from-option" }));
    await ask(rotating);
    await ask(rotating);
    expect(keysSent()).toEqual(["from-env", "from-option", "key-1", "key-2"].map((key) => `Bearer ${key}`));
  });

  it("is needed at OpenAI itself, and the error says what to set", async () => {
    for (const baseUrl of [undefined, "https://api.openai.com/v1", "https://eu.api.openai.com/v1"]) {
      const provider = create({ baseUrl, env: { OPENAI_API_KEY: " " } });
      for (const work of [async () => provider.check?.(settingsOf(provider)), () => ask(provider)]) {
        expect(await failureOf(work())).toMatchObject({
          code: "PROVIDER_NOT_CONFIGURED",
          provider: "openai",
          hint: expect.stringContaining("OPENAI_API_KEY"),
        });
      }
    }
  });

  it("is needed there too when the function gives none", async () => {
    const provider = create({ apiKey: () => "" });
    expect(() => provider.check?.(settingsOf(provider))).not.toThrow();
    expect(await failureOf(ask(provider))).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED" });
    expect(server.requests).toHaveLength(0);
  });

  it("is not needed elsewhere, and then no header is sent", async () => {
    const provider = create({ baseUrl: server.url });
    expect(() => provider.check?.(settingsOf(provider))).not.toThrow();
    await ask(provider);
    expect(keysSent()).toEqual([undefined]);
  });

  it("is never taken from another environment than the one given", async () => {
    vi.stubEnv("OPENAI_API_KEY", "other");
    vi.stubEnv("OPENAI_ADMIN_KEY", "other");
    vi.stubEnv("OPENAI_ORG_ID", "other");
    vi.stubEnv("OPENAI_PROJECT_ID", "other");
    await ask(create({ baseUrl: server.url, env: { OPENAI_ORG_ID: "mine" } }));
    const headers = JSON.stringify(server.requests[0]?.headers);
    expect(headers).not.toContain("other");
    expect(server.requests[0]?.headers["openai-organization"]).toBe("mine");
  });
});

describe("models that think", () => {
  const inference = { temperature: 0.5, topP: 0.9, maxTokens: 100 };

  it("are asked with max_completion_tokens, and without temperature and top_p", async () => {
    await ask(create({ baseUrl: server.url }), { modelId: "gpt-5-mini" }, inference);
    expect(bodyOf()["max_completion_tokens"]).toBe(100);
    expect(Object.keys(bodyOf())).not.toEqual(expect.arrayContaining(["max_tokens"]));
    expect(bodyOf()).not.toHaveProperty("temperature");
    expect(bodyOf()).not.toHaveProperty("top_p");
  });

  it("are told by name, or by the option", async () => {
    const reasoning = (id: string): boolean => id === "secret-thinker";
    await ask(create({ baseUrl: server.url, reasoning }), { modelId: "secret-thinker" }, inference);
    await ask(create({ baseUrl: server.url, reasoning }), { modelId: "gpt-5" }, inference);
    expect(bodyOf(0)).not.toHaveProperty("temperature");
    expect(bodyOf(1)).toMatchObject({ temperature: 0.5, top_p: 0.9, max_tokens: 100 });
  });
});

describe("the schema of the answer", () => {
  const properties = { a: { type: "string" } };
  it.each([
    ["strictly when it keeps the rules", { required: ["a"], additionalProperties: false }, true],
    ["loosely when it does not", {}, false],
  ])("is sent %s", async (_, more, strict) => {
    const outputSchema = { type: "object", properties, ...more };
    await ask(create({ baseUrl: server.url }), {}, { outputSchema });
    expect(bodyOf()["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", schema: outputSchema, strict },
    });
  });

  it("is left to the engine when it is not of an object, which the API refuses", async () => {
    await ask(create({ baseUrl: server.url }), {}, { outputSchema: { type: "array", items: { type: "string" } } });
    expect(bodyOf()).not.toHaveProperty("response_format");
  });
});

describe("diagnose", () => {
  const signal = new AbortController().signal;

  it("tells what is set and what is needed", async () => {
    const configuration = async (options: OpenAIProviderOptions) =>
      (await create(options).diagnose?.({ online: false, signal }))?.configuration;
    expect(await configuration({})).toEqual([
      { name: "OPENAI_API_KEY", found: false, required: true },
      { name: "OPENAI_BASE_URL", found: false, required: false },
    ]);
    expect(await configuration({ env: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://here" } })).toEqual([
      { name: "OPENAI_API_KEY", found: true, required: false },
      { name: "OPENAI_BASE_URL", found: true, required: false },
    ]);
  });

  it("tells of a missing key instead of reaching out without one", async () => {
    expect(await create().diagnose?.({ online: true, signal })).toMatchObject({
      reachable: { ok: false, error: { code: "PROVIDER_NOT_CONFIGURED" } },
    });
  });
});

it("ends an aborted call with the caller's own reason", async () => {
  const provider = create({ baseUrl: server.url });
  const model = await provider.model(settingsOf(provider));
  const reason = new Error("the time is up");
  const controller = new AbortController();
  server.play([{ do: "hang" }]);
  const asked = collect(model.stream(modelRequest(), controller));
  await Promise.race([asked, server.untilRequests(1)]);
  controller.abort(reason);
  await expect(asked).rejects.toBe(reason);
  await expect(collect(model.stream(modelRequest(), controller))).rejects.toBe(reason);
  expect(server.requests).toHaveLength(1);
});

describe("closing", () => {
  it("refuses models made afterwards", async () => {
    const provider = create({ baseUrl: server.url });
    await provider.close?.();
    expect(await failureOf(ask(provider))).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: false });
    expect(server.requests).toHaveLength(0);
  });
});

it("says that the base URL may be wrong when a compatible server does not know the path", async () => {
  server.play(json(404, { error: { message: "Not Found" } }));
  const error = await failureOf(ask(create({ baseUrl: server.url }), { modelId: "m-1" }));
  expect(error.hint).toContain("`m-1`");
  expect(error.hint).toContain(server.url);
  expect(error.hint).toContain("/v1");
});

it("says why the network failed, not only that it did", async () => {
  const { url } = server;
  await server.close();
  const { message } = await failureOf(ask(createOpenAIProvider({ apiKey: "k", baseUrl: `${url}/v1`, env: {} })));
  expect(message).toBe("OpenAI could not be reached: ECONNREFUSED");
});
