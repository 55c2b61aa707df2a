import type { ModelProvider, ProviderDiagnosis } from "@strands/core";
import type { ApiKeyOption, Environment } from "@strands/provider-kit";
import {
  ApiKey,
  baseUrl,
  ClientPool,
  defaultModels,
  expectContentType,
  findVariable,
  guardedFetch,
  refuseErrorInAnswer,
  sdkVersion,
} from "@strands/provider-kit";
import { type AnthropicClient, createAnthropicClient } from "./anthropic-client.js";
import { anthropicIdentity } from "./anthropic-identity.js";
import { type AnthropicConnection, AnthropicModel } from "./anthropic-model.js";
import { mapAnthropicError } from "./map-anthropic-error.js";

/** How to reach Anthropic. All of it is optional. */
export interface AnthropicOptions {
  /** The key, or a function that gives the one for the next call. @defaultValue `ANTHROPIC_API_KEY` of the environment */
  readonly apiKey?: ApiKeyOption | undefined;
  /**
   * Base URL of the API, without `/v1`. `host` of a workflow goes before it.
   *
   * @defaultValue `ANTHROPIC_BASE_URL` of the environment, else `https://api.anthropic.com`
   */
  readonly baseUrl?: string | undefined;
  /** Where variables are looked up. @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Does the requests, for proxies and the like. @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const baseUrlVariable = "ANTHROPIC_BASE_URL";

/**
 * Anthropic's models, over the official SDK `@anthropic-ai/sdk` (an optional peer: install it).
 *
 * @example
 * const client = new WorkflowClient({ providers: [createAnthropicProvider()] });
 */
export function createAnthropicProvider(options: AnthropicOptions = {}): ModelProvider {
  const { env = process.env } = options;
  const key = new ApiKey(anthropicIdentity, options.apiKey, env);
  const http = guardedFetch(anthropicIdentity, { fetch: options.fetch, inspect });
  const clients = new ClientPool<AnthropicClient>((pooled) => {
    const [url, apiKey] = JSON.parse(pooled) as [string, string];
    return createAnthropicClient({ baseUrl: url, apiKey, fetch: http.fetch });
  });
  const connect = (host: string | undefined): AnthropicConnection => {
    const candidates = [host, options.baseUrl, env[baseUrlVariable], "https://api.anthropic.com"] as const;
    const url = baseUrl(anthropicIdentity, ...candidates) ?? "";
    return {
      baseUrl: url,
      apiKey: () => key.get(),
      client: (apiKey) => clients.get(JSON.stringify([url, apiKey])),
    };
  };
  return {
    name: anthropicIdentity.name,
    check({ host }) {
      key.check();
      connect(host);
    },
    async diagnose({ online, signal }) {
      const { name, sdk } = { name: "ANTHROPIC_API_KEY", sdk: anthropicIdentity.sdk };
      const configuration = [
        { name, found: options.apiKey !== undefined || findVariable(env, [name]) !== undefined, required: true },
        { name: baseUrlVariable, found: findVariable(env, [baseUrlVariable]) !== undefined, required: false },
      ];
      const version = sdkVersion(anthropicIdentity, import.meta.url);
      const found = { package: { name: sdk, version }, configuration };
      return online ? { ...found, reachable: await reach(connect, signal) } : found;
    },
    model: ({ modelId, host }) => new AnthropicModel(modelId ?? defaultModels.anthropic, connect(host)),
    async close() {
      http.close();
      await clients.close();
    },
  };
}

/** Models answer with a stream of events; the list of models is JSON. */
async function inspect(response: Response, request: Request | URL | string): Promise<Response> {
  if (!response.ok) return response;
  const isMessage = String(request).includes("/v1/messages");
  if (isMessage) await refuseErrorInAnswer(response);
  expectContentType(anthropicIdentity, response, [isMessage ? "event-stream" : "json"]);
  return response;
}

/** Asks for one name of the list of models. */
async function reach(
  connect: (host: undefined) => AnthropicConnection,
  signal: AbortSignal,
): Promise<NonNullable<ProviderDiagnosis["reachable"]>> {
  let key: string | undefined;
  let host: string | undefined;
  try {
    const connection = connect(undefined);
    host = connection.baseUrl;
    key = await connection.apiKey();
    const { sdk } = await connection.client(key);
    await sdk.models.list({ limit: 1 }, { signal });
    return { ok: true };
  } catch (error) {
    return { ok: false, error: mapAnthropicError(error, { host, secrets: [key] }).toJSON() };
  }
}
