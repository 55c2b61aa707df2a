import type { Message } from "@strands/core";
import { describe, expect, it } from "vitest";
import { BedrockSubject, eventStream, settingsOf } from "./support/bedrock-subject.js";
import { bedrockWire } from "./support/bedrock-wire.js";

const subject = new BedrockSubject();
const env = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI",
  AWS_SESSION_TOKEN: "session-1",
};
const signed = { apiKey: undefined, region: undefined };
const headers = (): Readonly<Record<string, string>> => subject.server.requests.at(-1)?.headers ?? {};
const ok = (): void => subject.server.play(eventStream(bedrockWire.events({ text: ["ok"] })));

describe("requests to Bedrock", () => {
  it("are signed for the region of the workflow, with the credentials of the environment", async () => {
    ok();
    const provider = subject.provider({ ...signed, env: { ...env, AWS_REGION: "us-west-2" } });
    const model = await provider.model(settingsOf({ region: "ap-southeast-2" }));
    await subject.ask({}, { name: "bedrock", model: () => model });
    expect(headers()["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/ap-southeast-2\/bedrock\/aws4_request/,
    );
    expect(headers()["x-amz-security-token"]).toBe("session-1");
  });

  it.each([
    [{ region: "eu-west-1" }, { AWS_REGION: "us-west-2" }, "eu-west-1"],
    [{}, { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-east-2" }, "us-west-2"],
    [{}, { AWS_REGION: " ", AWS_DEFAULT_REGION: "us-east-2" }, "us-east-2"],
  ])("are signed for the region of %j, %j", async (options, more, region) => {
    ok();
    await subject.ask({}, subject.provider({ ...signed, ...options, env: { ...env, ...more } }));
    expect(headers()["authorization"]).toContain(`/${region}/bedrock/`);
  });

  it("take credentials and their functions", async () => {
    ok();
    const credentials = async () => ({ accessKeyId: "AKIDOTHER", secretAccessKey: "other" });
    await subject.ask({}, subject.provider({ ...signed, region: "us-east-1", env, credentials }));
    expect(headers()["authorization"]).toContain("Credential=AKIDOTHER/");
  });

  it("carry the bearer token of the environment, which comes before credentials", async () => {
    ok();
    const more = { ...env, AWS_BEARER_TOKEN_BEDROCK: "bedrock-token" };
    await subject.ask({}, subject.provider({ ...signed, region: "us-east-1", env: more }));
    expect(headers()["authorization"]).toBe("Bearer bedrock-token");
  });

  it("ask for the key before each call when it comes from a function", async () => {
    ok();
    let key = "old";
    const provider = subject.provider({ apiKey: () => key });
    await subject.ask({}, provider);
    key = "new";
    await subject.ask({}, provider);
    const sent = subject.server.requests.map((request) => request.headers["authorization"]);
    expect(sent).toEqual(["Bearer old", "Bearer new"]);
  });

  it("go to the endpoint of the environment", async () => {
    ok();
    const more = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: subject.server.url, AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    await subject.ask({}, subject.provider({ host: undefined, env: more }));
    expect(subject.server.requests).toHaveLength(1);
  });

  it("declare the tools of old calls when there are none: the service insists", async () => {
    ok();
    const messages: Message[] = [
      { role: "user", content: "Tea?" },
      { role: "assistant", content: "", toolCalls: [{ id: "call.1:a", name: "web.search", input: "{bad" }] },
      { role: "tool", results: [{ callId: "call.1:a", name: "web.search", content: "", isError: true }] },
    ];
    await subject.ask({ messages });
    expect(subject.body).toEqual({
      messages: [
        { role: "user", content: [{ text: "Tea?" }] },
        {
          role: "assistant",
          content: [{ toolUse: { toolUseId: "call_1_a", name: "web_search", input: { input: "{bad" } } }],
        },
        {
          role: "user",
          content: [{ toolResult: { toolUseId: "call_1_a", content: [{ text: '""' }], status: "error" } }],
        },
      ],
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: "web_search",
              description: "No longer available.",
              inputSchema: { json: { type: "object" } },
            },
          },
        ],
      },
    });
  });

  it("hold no blank text, and turns of both sides in alternation", async () => {
    ok();
    const messages: Message[] = [
      { role: "user", content: "One" },
      { role: "assistant", content: " \n" },
      { role: "user", content: "Two" },
    ];
    await subject.ask({ system: " ", messages });
    expect(subject.body).toEqual({ messages: [{ role: "user", content: [{ text: "One" }, { text: "Two" }] }] });
  });
});
