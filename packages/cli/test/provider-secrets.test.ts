import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Ended, Workplace } from "./support/test-io.js";

/** Looks like no vendor's keys, so that nothing recognises it by its looks. */
const key = "zebra.crossing/0123456789";

let place: Workplace;
let server: Server;
let answer: RequestListener;
let url: string;

beforeEach(async () => {
  place = new Workplace();
  server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  place.remove();
});

const workflow = (provider: string): string => `version: 1
name: leaky
runtime: { provider: ${provider}, host: "${url}", failure_policy: { retries: 0 } }
agents: { a: { prompt: p } }
pattern: { type: chain, config: { steps: [{ agent: a, input: x }] } }
`;

/** Every byte under a folder. */
function textOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

/** The key as it came: the server sees it. */
function keyIn({ headers }: IncomingMessage): string {
  const sent = [headers.authorization, headers["x-api-key"], headers["x-goog-api-key"]].find(Boolean);
  return String(sent).replace(/^Bearer /, "");
}

function everything({ stdout, stderr }: Ended): string {
  return `${stdout}\n${stderr}\n${textOf(place.path("sessions"))}`;
}

describe.each([
  [
    "openai",
    "OPENAI_API_KEY",
    (message: string) => ({ error: { message, type: "invalid_request_error", code: null } }),
  ],
  ["anthropic", "ANTHROPIC_API_KEY", (message: string) => ({ type: "error", error: { type: "api_error", message } })],
  ["gemini", "GEMINI_API_KEY", (message: string) => ({ error: { code: 400, message, status: "INVALID_ARGUMENT" } })],
])("the key of %s", (provider, variable, body) => {
  it.each([400, 401, 500])("is nowhere to be seen when the server repeats it in an error %i", async (status) => {
    const seen: string[] = [];
    answer = (request, response) => {
      seen.push(keyIn(request));
      response.writeHead(status, { "content-type": "application/json", "x-request-id": keyIn(request) });
      response.end(JSON.stringify(body(`Wrong key ${keyIn(request)}, yes ${key}`)));
    };
    place.write("leaky.yaml", workflow(provider));
    for (const more of [["--json"], ["--verbose", "--debug"]]) {
      const ended = await place.strands(["run", "leaky.yaml", ...more], { env: { [variable]: key } });
      expect(ended.code).toBe(10);
      expect(everything(ended)).not.toContain(key);
      expect(everything(ended)).toContain(`${status}`);
    }
    expect(new Set(seen)).toEqual(new Set([key]));
    const id = JSON.parse((await place.strands(["sessions", "list", "--json"])).stdout).sessions[0].id as string;
    expect((await place.strands(["sessions", "show", id, "--json"])).stdout).not.toContain(key);
  });
});

it("stays in what a model says: that is content, and nobody's secret but the model's", async () => {
  answer = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = { id: "1", object: "chat.completion.chunk", created: 1, model: "m" };
    const delta = { index: 0, delta: { role: "assistant", content: `it is ${key}` }, finish_reason: "stop" };
    response.end(`data: ${JSON.stringify({ ...chunk, choices: [delta] })}\n\ndata: [DONE]\n\n`);
  };
  place.write("leaky.yaml", workflow("openai"));
  const ended = await place.strands(["run", "leaky.yaml"], { env: { OPENAI_API_KEY: key } });
  expect([ended.code, ended.stdout]).toEqual([0, `it is ${key}\n`]);
});

it("is not needed by validate, and its lack is exit 18 before anything is stored", async () => {
  for (const provider of ["openai", "anthropic", "gemini"]) {
    const text = workflow(provider).replace(/, host: "[^"]*"/, "");
    place.write("leaky.yaml", text);
    expect((await place.strands(["validate", "leaky.yaml"])).code).toBe(0);
    expect((await place.strands(["run", "leaky.yaml", "--offline", "--no-save"])).code).not.toBe(18);
    const { code, stderr } = await place.strands(["run", "leaky.yaml"]);
    expect([provider, code]).toEqual([provider, 18]);
    expect(stderr).toMatch(/(?:OPENAI|ANTHROPIC|GEMINI)_API_KEY/);
  }
});

it("ends with 18, and keeps the session, when a step finds no credentials", async () => {
  place.write("leaky.yaml", workflow("bedrock").replace("host:", "region: us-east-1, host:"));
  // The SDK looks for them in the environment of the process.
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"]) vi.stubEnv(name, undefined);
  for (const name of ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"]) vi.stubEnv(name, place.path("none"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  const { code, stderr } = await place.strands(["run", "leaky.yaml"]);
  vi.unstubAllEnvs();
  expect(stderr).toContain("Amazon Bedrock is not configured");
  expect(code).toBe(18);
  expect(stderr).toContain("Resume with:");
});
