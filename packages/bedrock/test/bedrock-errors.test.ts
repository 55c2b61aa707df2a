import { inspect } from "node:util";
import { respond } from "@strands/testing/model";
import { describe, expect, it, vi } from "vitest";
import { BedrockSubject, eventStream, refusal, settingsOf } from "./support/bedrock-subject.js";
import { bedrockWire, exceptionEvent } from "./support/bedrock-wire.js";
import { encodeEvent } from "./support/event-stream.js";

const subject = new BedrockSubject();

describe("errors of Bedrock", () => {
  it.each([
    [403, "AccessDeniedException", "You don't have access to the model.", "PROVIDER_AUTH", false, "in `eu-central-1`"],
    [
      403,
      "UnrecognizedClientException",
      "The security token is invalid.",
      "PROVIDER_AUTH",
      false,
      "get-caller-identity",
    ],
    [403, "InvalidSignatureException", "The signature does not match.", "PROVIDER_AUTH", false, "AWS_ACCESS_KEY_ID"],
    [403, "ExpiredTokenException", "The security token is expired.", "PROVIDER_AUTH", false, "aws sso login"],
    [404, "ResourceNotFoundException", "Model not found.", "PROVIDER_BAD_REQUEST", false, "`some.model-v1:0`"],
    [429, "ThrottlingException", "Too many requests.", "PROVIDER_RATE_LIMIT", true, "max_parallel"],
    [429, "ThrottlingException", "Too many tokens per day.", "PROVIDER_RATE_LIMIT", false, "quota"],
    [400, "ServiceQuotaExceededException", "Over the quota.", "PROVIDER_RATE_LIMIT", false, "quota"],
    [408, "ModelTimeoutException", "It took too long.", "PROVIDER_TIMEOUT", true, "timeout"],
    [424, "ModelErrorException", "The model failed.", "PROVIDER_UNAVAILABLE", true, "Resume"],
    [429, "ModelNotReadyException", "Not ready.", "PROVIDER_UNAVAILABLE", true, "Resume"],
    [500, "InternalServerException", "Oops.", "PROVIDER_UNAVAILABLE", true, "Resume"],
    [503, "ServiceUnavailableException", "Later.", "PROVIDER_UNAVAILABLE", true, "Resume"],
    [
      400,
      "ValidationException",
      "prompt is too long: 9 tokens > 8 maximum",
      "PROVIDER_CONTEXT_OVERFLOW",
      false,
      "Shorten",
    ],
    [400, "ValidationException", "Too many total text bytes", "PROVIDER_CONTEXT_OVERFLOW", false, "Shorten"],
    [
      400,
      "ValidationException",
      "Invocation of model ID some.model-v1:0 with on-demand throughput isn’t supported.",
      "PROVIDER_BAD_REQUEST",
      false,
      "`aws bedrock list-inference-profiles --region eu-central-1`",
    ],
    [
      400,
      "ValidationException",
      "The provided model identifier is invalid.",
      "PROVIDER_BAD_REQUEST",
      false,
      "`aws bedrock list-foundation-models --region eu-central-1`",
    ],
    [400, "ValidationException", "temperature: out of range", "PROVIDER_BAD_REQUEST", false, "Mend"],
  ])("status %i, %s: %s", async (status, name, words, code, retryable, hint) => {
    subject.server.play(refusal(status, name, words));
    const error = await subject.fail();
    expect(error).toMatchObject({ code, statusCode: status, retryable, message: expect.stringContaining(words) });
    expect(error.hint).toContain(hint);
    expect(subject.server.requests).toHaveLength(1);
  });

  it.each([
    ["throttlingException", "PROVIDER_RATE_LIMIT", true],
    ["modelStreamErrorException", "PROVIDER_UNAVAILABLE", true],
    ["internalServerException", "PROVIDER_UNAVAILABLE", true],
    ["serviceUnavailableException", "PROVIDER_UNAVAILABLE", true],
    ["validationException", "PROVIDER_BAD_REQUEST", false],
  ])("in mid-stream: %s", async (type, code, retryable) => {
    const begun = bedrockWire.events({ text: ["begun"], finish: "missing" });
    subject.server.play(eventStream([...begun, exceptionEvent(type, "Something is wrong")]));
    expect(await subject.fail()).toMatchObject({
      code,
      retryable,
      message: expect.stringContaining("Something is wrong"),
    });
  });

  it("in mid-stream that the service has no model of", async () => {
    const odd = encodeEvent(
      { ":message-type": "error", ":error-code": "InternalError", ":error-message": "Broken" },
      "",
    );
    subject.server.play(eventStream([odd]));
    expect(await subject.fail()).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: true });
  });

  it("in JSON with status 200 count by their name", async () => {
    const text = JSON.stringify({ __type: "com.amazon.coral#ThrottlingException", message: "Slow down" });
    subject.server.play(respond({ contentType: "application/json" }, text));
    expect(await subject.fail()).toMatchObject({ code: "PROVIDER_RATE_LIMIT", retryable: true });
  });

  it("never repeat the session token that a request was signed with", async () => {
    const credentials = {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI",
      sessionToken: "violet-session",
    };
    subject.server.play(refusal(403, "InvalidSignatureException", "You sent violet-session of AKIDEXAMPLE"));
    const error = await subject.fail({}, subject.provider({ apiKey: undefined, credentials }));
    expect(error.message).toContain("You sent [redacted] of [redacted]");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/violet-session|AKIDEXAMPLE|wJalrXUtnFEMI/);
  });

  it("carry the id of the request", async () => {
    const [head, ...rest] = refusal(400, "ValidationException", "No");
    const headers = {
      "content-type": "application/json",
      "x-amzn-requestid": "req-7",
      "x-amzn-errortype": "ValidationException",
    };
    subject.server.play([{ ...(head as { do: "head"; status: number }), headers }, ...rest]);
    expect(await subject.fail()).toMatchObject({ requestId: "req-7" });
  });

  it.each([
    ["apiKey", { apiKey: () => Promise.reject(new Error("The vault is shut")) }],
    ["credentials", { apiKey: undefined, credentials: () => Promise.reject(new Error("The vault is shut")) }],
  ])("say that a function failed to give %s", async (_, options) => {
    const error = await subject.fail({}, subject.provider(options));
    expect(error).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", retryable: false });
    expect(inspect(error)).toContain("The vault is shut");
    expect(subject.server.requests).toHaveLength(0);
  });

  it("say that there are no credentials", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"]) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere/config");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
    const error = await subject.fail({}, subject.provider({ apiKey: undefined }));
    expect(error).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", retryable: false });
    expect(error.hint).toContain("AWS_ACCESS_KEY_ID");
    expect(subject.server.requests).toHaveLength(0);
  });
});

describe("check", () => {
  it.each([
    [{ region: undefined }, "AWS_REGION"],
    [{ region: "eu-central-1/../evil.example" }, "AWS_REGION"],
    [{ host: "not a url" }, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
    [{ host: "file:///etc/passwd" }, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
  ])("refuses %j and names %s", (options, named) => {
    expect(() => subject.provider(options).check?.(settingsOf())).toThrowError(
      expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED", hint: expect.stringContaining(named) }),
    );
  });

  it("leaves the region to a profile, and takes that of the workflow", () => {
    void subject.provider({ region: undefined, profile: "work" }).check?.(settingsOf());
    void subject.provider({ region: undefined }).check?.(settingsOf({ region: "us-east-1" }));
  });
});

describe("diagnosis", () => {
  const online = { online: true, signal: new AbortController().signal };

  it("takes one who may not list for one who is known", async () => {
    subject.server.play(refusal(403, "AccessDeniedException", "Not authorized to perform: bedrock:ListAsyncInvokes"));
    expect((await subject.provider().diagnose?.(online))?.reachable).toEqual({ ok: true });
  });

  it("says that there is no region", async () => {
    const diagnosis = await subject.provider({ region: undefined }).diagnose?.(online);
    expect(diagnosis?.configuration[0]).toEqual({ name: "region", found: false, required: true });
    expect(diagnosis?.reachable).toMatchObject({ ok: false, error: { code: "PROVIDER_NOT_CONFIGURED" } });
  });
});
