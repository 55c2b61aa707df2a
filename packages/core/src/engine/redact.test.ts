import { describe, expect, it } from "vitest";
import { ToolError } from "../error/errors.js";
import { redact, redactError } from "./redact.js";

/** Random fakes, in parts so that scanners of pushed secrets leave this file alone. */
const secrets: readonly (readonly [string, string])[] = [
  ["an OpenAI key", ["sk-c", "3j27xdcg2lMLzgeonyLGc", "TJFiz4soCmZ9cpvnpKnA1hEDCM"].join("")],
  [
    "an Anthropic key",
    ["sk-a", "nt-api03-AimCaXyMFSb4hBqlxJJLafBvv6Q9RxXTn", "dfYUZx9K1GNNEgeyg1_lWIQd9JjbaCIi05fHFWkvQLuR5qR"].join(""),
  ],
  ["a Google key", ["AIza", "EC8tnECJ9InoRJJ", "5vFQrtK8J1D-BwwBJKLO"].join("")],
  ["an AWS key id", ["ASIA", "OH55QA", "XTJM7KV25P"].join("")],
  ["a GitLab token", ["glpa", "t-k9iklDB", "fFU0xGoyGoJc2"].join("")],
  ["a GitHub token", ["ghp", "_16C7e42F292c69", "12E7710c838347Ae178B4a"].join("")],
  ["a Stripe key", ["sk_l", "ive_VfvI13Ez", "Hcz0n1xxNcbvQYzJ"].join("")],
  ["a PyPI token", ["pypi", "-TWH6C9EoNZXtbe8c4XjzWn9h_zrL9czGbRxjHeB8v5f1U1UpShQiGTWAa", "TQKtiM97KmCY1YL4"].join("")],
  ["a Hugging Face token", ["hf_c", "YFGJnGIrotLLMZ", "CdltFGOCKHbaxEVbgIp"].join("")],
  ["a Slack token", ["xox", "b-123456789012-", "abcdefABCDEF1234"].join("")],
  [
    "a JWT",
    ["eyJh", "bGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ", ".aSx9q0BzofChqYrn4NwaqlNUgmdtSZZDZKRf91qqLui"].join(""),
  ],
];

describe("redact", () => {
  it.each(secrets)("takes %s out of a sentence, a URL, JSON, Markdown and a list", (_, secret) => {
    const body = secret.slice(8);
    for (const text of [
      `Incorrect key provided: ${secret}. See the docs.`,
      `https://api.example.com/x?q=1&k=${secret}&y=1`,
      JSON.stringify({ error: { message: `bad ${secret}` } }),
      `use \`${secret}\` here`,
      `a,${secret};b`,
      secret,
    ]) {
      expect(redact(text)).not.toContain(body);
      expect(redact(text)).toContain("[redacted]");
    }
  });

  it.each([
    ["Authorization: Basic dXNlcjo5ZTNjemxpdHlia20wM2NqN3loeg==", "dXNlcjo5"],
    ["authorization: bearer abcDEF123456789", "abcDEF123"],
    ["https://api.example.com/x?api_key=4d152sa0bHkH58hVhhba5BU6&y=1", "4d152sa0"],
    ["https://user:hunter2secret@db.example.com/x", "hunter2secret"],
    ["postgres://admin:pa55w0rd@localhost:5432/db", "pa55w0rd"],
    ['{"password": "correct-horse-battery"}', "correct-horse"],
    ["x-api-key: 0a1b2c3d4e5f", "0a1b2c3d"],
    ["AWS_SECRET_ACCESS_KEY? secret = wJalrXUtnFEMI", "wJalrXUt"],
    [
      `https://b.s3.amazonaws.com/k?X-Amz-Signature=${["a9273e7c1", "f379c72bd57d32343e09790a52eec4b71"].join("")}`,
      "f379c72bd",
    ],
  ])("takes the value out of %s", (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it("keeps the text around", () => {
    expect(redact("GET https://me:pw12@host/path?token=abcdef&page=2 failed with 401")).toBe(
      "GET https://[redacted]@host/path?token=[redacted]&page=2 failed with 401",
    );
  });

  it.each([
    "uuid 3f2b1c9e-8a77-4c1e-9a55-0c9d8e7f6a5b",
    "git sha 0123456789abcdef0123456789abcdef01234567",
    "the word token",
    "step_response_very_long_identifier_name",
    "2026-01-02T03:04:05.678Z",
    "https://example.com/a/very/long/path/without/any/secret/in/it",
    "Unexpected token identifier in the answer",
    "Invalid token provided, authentication required",
    "basic authentication is not supported",
    "the bearer understands what is asked of them",
    "risk-assessment-and-more, task-oriented-design, ask-the-experts",
    "mail someone@example.com about it",
    "The step `steps/0` (agent `writer`) failed after 3 attempts: 503 Service Unavailable",
    "",
  ])("leaves harmless text alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ["sk-"],
    ["eyJ-"],
    ["eyJaaaaaaaa."],
    ["a://"],
    ["abcdefghij"],
    ["Bearer "],
    ["token = "],
    ["password"],
    [" "],
    ["@"],
    ["://"],
  ])(
    "takes linear time on 100 kB of %j",
    (piece) => {
      // Quadratic time would be some 10^10 steps here and run into the time limit of the test.
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      expect(redact(text).length).toBeGreaterThan(0);
    },
    2000,
  );
});

it("takes credentials out of every part of an error", () => {
  const url = "https://user:pass-word@host/x";
  const error = new ToolError("TOOL_FAILED", `at ${url}`, {
    toolName: "t",
    hint: `See ${url}`,
    details: { url, list: [{ url }], n: 1 },
  });
  redactError(error);
  expect(JSON.stringify([error.message, error.hint, error.details, error.stack])).not.toContain("pass-word");
  expect(error.details).toMatchObject({ n: 1, list: [{ url: "https://[redacted]@host/x" }] });
});
