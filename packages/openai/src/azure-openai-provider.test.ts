import { FaultServer, failureOf } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, events, json, settingsOf } from "../test/ask.js";
import { type AzureOpenAIProviderOptions, createAzureOpenAIProvider } from "./azure-openai-provider.js";

let server: FaultServer;
beforeEach(async () => {
  server = await FaultServer.start();
  server.play(events({ choices: [{ delta: { content: "ok" }, finish_reason: "stop" }] }, "[DONE]"));
});
afterEach(() => server.close());

const create = (options: AzureOpenAIProviderOptions = {}) => createAzureOpenAIProvider({ env: {}, ...options });
const modelId = "my-deployment";

it("asks the deployment of the resource, with the key and the version of the API", async () => {
  await ask(create({ endpoint: server.url, apiKey: "k-1" }), { modelId });
  const [request] = server.requests;
  expect(request?.path).toBe("/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21");
  expect(request?.headers["api-key"]).toBe("k-1");
  expect(request?.headers["authorization"]).toBe(undefined);
});

it("takes everything from the environment, and the workflow's host before that", async () => {
  const env = {
    AZURE_OPENAI_API_KEY: "k-2",
    AZURE_OPENAI_ENDPOINT: `${server.url}/env/`,
    OPENAI_API_VERSION: "2025-04-01-preview",
    OPENAI_BASE_URL: `${server.url}/not-this-one`,
  };
  await ask(create({ env }), { modelId });
  await ask(create({ env }), { modelId, host: `${server.url}/host/openai/` });
  expect(server.requests.map(({ path }) => path)).toEqual([
    "/env/openai/deployments/my-deployment/chat/completions?api-version=2025-04-01-preview",
    "/host/openai/deployments/my-deployment/chat/completions?api-version=2025-04-01-preview",
  ]);
  expect(server.requests[0]?.headers["api-key"]).toBe("k-2");
});

it("sends a token of Entra ID instead of a key, a new one at every call", async () => {
  let count = 0;
  const provider = create({ endpoint: server.url, tokenProvider: async () => `token-${++count}` });
  await ask(provider, { modelId });
  await ask(provider, { modelId });
  expect(server.requests.map(({ headers }) => headers["authorization"])).toEqual(["Bearer token-1", "Bearer token-2"]);
  expect(server.requests[0]?.headers["api-key"]).toBe(undefined);
});

it("names all that is missing at once", async () => {
  const provider = create();
  for (const work of [async () => provider.check?.(settingsOf(provider)), () => ask(provider)]) {
    const { code, message } = await failureOf(work());
    expect(code).toBe("PROVIDER_NOT_CONFIGURED");
    for (const name of ["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "`model_id`"]) expect(message).toContain(name);
  }
});

it("needs a token from the function that gives them", async () => {
  const provider = create({ endpoint: server.url, tokenProvider: () => "" });
  expect(await failureOf(ask(provider, { modelId }))).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED" });
  expect(server.requests).toHaveLength(0);
});

it.each(["../../admin", "a/b", "..", "a?b", "a b", "%2e%2e"])(
  "refuses the deployment %j, which would lead elsewhere",
  async (id) => {
    const provider = create({ endpoint: server.url, apiKey: "k" });
    expect(await failureOf(ask(provider, { modelId: id }))).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED" });
    expect(server.requests).toHaveLength(0);
  },
);

it("maps parameters by the name of the deployment, or as the option says", async () => {
  const reasoning = (id: string): boolean => id === "thinker";
  const inference = { temperature: 0.5, maxTokens: 10 };
  await ask(create({ endpoint: server.url, apiKey: "k" }), { modelId: "gpt-5" }, inference);
  await ask(create({ endpoint: server.url, apiKey: "k", reasoning }), { modelId: "thinker" }, inference);
  await ask(create({ endpoint: server.url, apiKey: "k", reasoning }), { modelId: "gpt-5" }, inference);
  expect(server.requests.map(({ body }) => Object.keys(body as object).includes("temperature"))).toEqual([
    false,
    false,
    true,
  ]);
});

it("passes over events that only tell of the content filter", async () => {
  const filters = { choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
  server.play(events(filters, { choices: [{ index: 0, delta: { content: "ok" }, finish_reason: "stop" }] }, "[DONE]"));
  expect((await ask(create({ endpoint: server.url, apiKey: "k" }), { modelId })).text).toBe("ok");
});

it("says what to do about a prompt that the content filter refuses", async () => {
  server.play(json(400, { error: { message: "Filtered", code: "content_filter", status: 400 } }));
  const error = await failureOf(ask(create({ endpoint: server.url, apiKey: "k" }), { modelId }));
  expect(error).toMatchObject({ code: "PROVIDER_BAD_REQUEST", hint: expect.stringContaining("content filter") });
});

describe("diagnose", () => {
  const signal = new AbortController().signal;

  it("tells what is set and what is needed, and reaches nowhere without an endpoint", async () => {
    expect(await create().diagnose?.({ online: true, signal })).toMatchObject({
      configuration: [
        { name: "AZURE_OPENAI_API_KEY", found: false, required: true },
        { name: "AZURE_OPENAI_ENDPOINT", found: false, required: true },
        { name: "OPENAI_API_VERSION", found: false, required: false },
      ],
    });
    expect(await create().diagnose?.({ online: true, signal })).not.toHaveProperty("reachable");
    const env = { OPENAI_API_VERSION: "v" };
    const diagnosis = await create({ env, apiKey: "k", endpoint: "http://here" }).diagnose?.({ online: false, signal });
    expect(diagnosis?.configuration.map(({ found }) => found)).toEqual([true, true, true]);
  });
});
