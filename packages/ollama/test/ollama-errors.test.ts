import type { ProviderError } from "@strands/core";
import { failureOf } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { lastLine, OllamaSubject, part, settingsOf } from "./support/ollama-subject.js";

const subject = new OllamaSubject();

const failure = () => failureOf(subject.ask());

describe("errors of Ollama", () => {
  it("say how to get a missing model", async () => {
    subject.playError(404, '{"error":"model \\"llama3\\" not found, try pulling it first"}');
    const error = await failure();
    expect(error).toMatchObject({ code: "PROVIDER_BAD_REQUEST", statusCode: 404, retryable: false });
    expect(error.hint).toContain("`ollama pull llama3`");
  });

  it("say that the host is wrong when it has no such path", async () => {
    subject.playError(404, "404 page not found", "text/plain");
    expect((await failure()).hint).toContain("without `/api` or `/v1`");
  });

  it("say how to start a server that does not run, and where it was looked for", async () => {
    const { url } = subject.server;
    const provider = subject.provider();
    await subject.server.close();
    const error = await subject.ask({}, provider).catch((reason: ProviderError) => reason);
    expect(error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: true });
    expect((error as ProviderError).hint).toContain("`ollama serve`");
    expect((error as ProviderError).hint).toContain(url);
  });

  it.each([
    [400, "the input length exceeds the context length", "PROVIDER_CONTEXT_OVERFLOW", false],
    [400, "llama3 does not support tools", "PROVIDER_BAD_REQUEST", false],
    [500, "model requires more system memory (9 GiB) than is available (2 GiB)", "PROVIDER_UNAVAILABLE", false],
    [500, "llama runner process has terminated", "PROVIDER_UNAVAILABLE", true],
    [429, "you have reached your hourly usage limit", "PROVIDER_RATE_LIMIT", false],
    [401, "unauthorized", "PROVIDER_AUTH", false],
  ])("status %i with `%s` is %s", async (status, words, code, retryable) => {
    subject.playError(status, JSON.stringify({ error: words }));
    expect(await failure()).toMatchObject({
      code,
      statusCode: status,
      retryable,
      message: expect.stringContaining(words),
    });
  });

  it("in mid-stream are errors, by the server's words", async () => {
    subject.playLines(part({ content: "a" }), { error: "llama runner process has terminated" }, lastLine);
    expect(await failure()).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: true });
    subject.playLines(part({ content: "a" }), { error: { message: "exceeds the context window" } });
    expect(await failure()).toMatchObject({ code: "PROVIDER_CONTEXT_OVERFLOW", retryable: false });
  });

  it("leave out the page of a proxy", async () => {
    subject.playError(502, "<html>Bad gateway</html>", "text/html");
    expect((await failure()).message).toBe("Ollama is not available (HTTP 502)");
  });
});

describe("settings of Ollama", () => {
  const authorization = (): string | undefined => subject.server.requests.at(-1)?.headers["authorization"];

  it("are checked before anything runs", () => {
    const provider = subject.provider();
    void provider.check?.(settingsOf());
    expect(() => provider.check?.(settingsOf({ host: "ftp://box" }))).toThrowError(
      expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED" }),
    );
  });

  it("take the host of the workflow before that of the options", async () => {
    subject.playLines(lastLine);
    const model = await subject
      .provider({ host: "http://127.0.0.1:9" })
      .model(settingsOf({ host: subject.server.url }));
    expect(model).toMatchObject({ provider: "ollama", modelId: "llama3" });
    await subject.ask({}, { name: "ollama", model: () => model });
    expect(subject.server.requests).toHaveLength(1);
  });

  it("ask for the key before each call when it comes from a function", async () => {
    subject.playLines(lastLine);
    let count = 0;
    const provider = subject.provider({
      apiKey: async () => {
        count += 1;
        return `key-${count}`;
      },
    });
    await subject.ask({}, provider);
    await subject.ask({}, provider);
    expect(subject.server.requests.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer key-1",
      "Bearer key-2",
    ]);
  });

  it("say that a function failed to give the key", async () => {
    const provider = subject.provider({ apiKey: () => Promise.reject(new Error("The vault is shut")) });
    const error = await subject.ask({}, provider).catch((reason: ProviderError) => reason);
    expect(error).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", retryable: false });
    expect(subject.server.requests).toHaveLength(0);
  });

  it("send the key of the environment to ollama.com alone", async () => {
    const env = { OLLAMA_API_KEY: "cloud-key" };
    subject.playLines(lastLine);
    await subject.ask({}, subject.provider({ env }));
    expect(authorization()).toBeUndefined();
    const toServer: typeof fetch = (input, init) =>
      fetch(String(input).replace("https://ollama.com:443", subject.server.url), init);
    await subject.ask({}, subject.provider({ env, host: "https://ollama.com", fetch: toServer }));
    expect(authorization()).toBe("Bearer cloud-key");
  });

  it("send name and password of the host as such, and never show them", async () => {
    const { host } = new URL(subject.server.url);
    const provider = subject.provider({ host: `http://me:sesame-open@${host}` });
    subject.playError(500, `{"error":"no ${btoa("me:sesame-open")}"}`);
    const error = await subject.ask({}, provider).catch((reason: ProviderError) => reason);
    expect(authorization()).toBe(`Basic ${btoa("me:sesame-open")}`);
    expect(JSON.stringify([error, (error as ProviderError).message])).not.toMatch(/sesame|bWU6c2VzYW1l/);
  });
});
