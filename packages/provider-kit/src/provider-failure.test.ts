import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { type FailureFacts, providerFailure } from "./provider-failure.js";

const fail = (facts: FailureFacts = {}) => providerFailure(identity, facts);

describe("providerFailure", () => {
  it.each([
    [undefined, "PROVIDER_UNAVAILABLE", true, "the network works"],
    [200, "PROVIDER_BAD_RESPONSE", false, "base URL"],
    [302, "PROVIDER_BAD_RESPONSE", false, "base URL"],
    [400, "PROVIDER_BAD_REQUEST", false, "inference parameters"],
    [401, "PROVIDER_AUTH", false, "Check the key"],
    [403, "PROVIDER_AUTH", false, "Check the key"],
    [404, "PROVIDER_BAD_REQUEST", false, "model id `m`"],
    [408, "PROVIDER_TIMEOUT", true, "`timeout`"],
    [409, "PROVIDER_UNAVAILABLE", true, "other side"],
    [413, "PROVIDER_CONTEXT_OVERFLOW", false, "Shorten"],
    [422, "PROVIDER_BAD_REQUEST", false, "inference parameters"],
    [425, "PROVIDER_UNAVAILABLE", true, "other side"],
    [429, "PROVIDER_RATE_LIMIT", true, "fewer calls"],
    [500, "PROVIDER_UNAVAILABLE", true, "other side"],
    [529, "PROVIDER_UNAVAILABLE", true, "other side"],
  ] as const)("status %s is %s", (statusCode, code, retryable, hint) => {
    const error = fail({ statusCode, modelId: "m", requestId: "r", retryAfterMs: 5 });
    expect(error).toMatchObject({ code, retryable, statusCode, provider: "acme", modelId: "m", requestId: "r" });
    expect(error.retryAfterMs).toBe(5);
    expect(error.hint).toContain(hint);
  });

  it("believes what the vendor says over the status", () => {
    const error = fail({ statusCode: 429, code: "PROVIDER_BAD_REQUEST", retryable: true, hint: "Do this." });
    expect(error).toMatchObject({ code: "PROVIDER_BAD_REQUEST", retryable: true, hint: "Do this." });
  });

  it("says what happened in one line", () => {
    expect(fail({ statusCode: 500, message: " it\n  broke " }).message).toBe(
      "Acme AI is not available (HTTP 500): it broke",
    );
    expect(fail().message).toBe("Acme AI could not be reached");
    expect(fail({ code: "PROVIDER_UNAVAILABLE", statusCode: 200, cutOff: true })).toMatchObject({
      message: "Acme AI broke off its answer (HTTP 200)",
      hint: "The trouble is on the other side. Resume the session to try again.",
    });
    expect(fail({ statusCode: 400, message: "x".repeat(1000) }).message.length).toBeLessThan(400);
  });

  it("says what to do", () => {
    expect(fail({ statusCode: 401 }).hint).toContain("ACME_KEY or ACME_OTHER_KEY");
    expect(providerFailure({ ...identity, credentialsHint: "Sign in." }, { statusCode: 401 }).hint).toBe("Sign in.");
    expect(fail({ statusCode: 404, modelId: "m-1" }).hint).toBe("Check the model id `m-1`. See `acme models`.");
    expect(fail({ statusCode: 404 }).hint).toBe("Check the model id. See `acme models`.");
    expect(fail({ host: "http://user:secret@here:1" }).hint).toContain("http://[redacted]@here:1");
    expect(fail({ statusCode: 502, host: "http://here" }).hint).not.toContain("here:1");
  });

  const prompt = "Tell me about the violet\nhorses of Samarkand, please";
  const key = "zebra.key/0123";

  it("leaves out keys, known ones and those that look like one", () => {
    const error = fail({
      statusCode: 401,
      message: `no ${key} and sk-abcdefgh12345678`,
      secrets: [undefined, "", key],
    });
    expect(error.message).toBe("Acme AI refused the credentials (HTTP 401): no [redacted] and [redacted]");
  });

  it("takes what is too short to be a key for none", () => {
    expect(fail({ statusCode: 401, message: "unknown key none", secrets: ["none", "k"] }).message).toContain(
      "key none",
    );
  });

  it("leaves out the vendor's words when they repeat a part of a prompt, and keeps them when they do not", () => {
    const echo = fail({
      statusCode: 400,
      message: "bad: about the violet horses of Samarkand",
      prompts: ["x", prompt],
    });
    expect(echo.message).toBe("Acme AI refused the request (HTTP 400)");
    expect(fail({ statusCode: 400, message: "temperature is too high", prompts: [prompt] }).message).toContain("high");
  });

  it("keeps the name and code of the cause, and nothing that hangs on it", () => {
    const cause = Object.assign(new TypeError(`${key} ${prompt}`), {
      code: "ECONNRESET",
      headers: { key },
      body: prompt,
    });
    const error = fail({ message: prompt, prompts: [prompt], secrets: [key], cause });
    expect(error.cause).toMatchObject({ name: "TypeError", code: "ECONNRESET", message: "" });
    const words = inspect(error, { depth: 9, showHidden: true });
    expect(words).not.toContain(key);
    expect(words).not.toContain("violet");
    expect(fail({ cause: "text" }).cause).toBe(undefined);
    expect(fail({ cause: new Error("x") }).cause).toMatchObject({ name: "Error" });
  });
});
