import type { ModelProvider, ModelSettings } from "@strands/core";
import { ProviderError } from "@strands/core";
import type { ApiKeyOption, Environment } from "@strands/provider-kit";
import { ApiKey, baseUrl, defaultModels, findVariable, loadSdk, sdkVersion } from "@strands/provider-kit";
import { clientOptions } from "./client-options.js";
import { isReasoningModel } from "./is-reasoning-model.js";
import { OpenAIConnection, OpenAIConnections } from "./openai-connection.js";
import { openaiIdentity } from "./openai-identity.js";
import { OpenAIModel } from "./openai-model.js";

/** Options of {@link createOpenAIProvider}. Everything has a default. */
export interface OpenAIProviderOptions {
  /** The key, or a function that gives one, asked at every call. @defaultValue the environment's `OPENAI_API_KEY` */
  readonly apiKey?: ApiKeyOption | undefined;
  /**
   * Base URL of the API, its path included. `runtime.host` of a workflow wins over it.
   * @defaultValue the environment's `OPENAI_BASE_URL`, else `https://api.openai.com/v1`
   */
  readonly baseUrl?: string | undefined;
  /** @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Carries the requests, for proxies and the like. @defaultValue the platform's `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Whether a model takes `max_completion_tokens`, and neither `temperature` nor `top_p`.
   * @defaultValue true for names of the o series and of gpt-5 and later
   */
  readonly reasoning?: ((modelId: string) => boolean) | undefined;
}

const officialUrl = "https://api.openai.com/v1";

/**
 * Models of OpenAI, and of every server that speaks its Chat Completions API. At the service of OpenAI itself a key is
 * needed; other servers are asked with the key when there is one, and without one when there is none.
 *
 * @throws ProviderError when a model is used: `PROVIDER_NOT_CONFIGURED` without a key or without the package `openai`, and the
 * other `PROVIDER_` codes for calls that fail
 * @example
 * new WorkflowClient({ providers: [createOpenAIProvider()] });
 */
export function createOpenAIProvider(options: OpenAIProviderOptions = {}): ModelProvider {
  const { env = process.env, reasoning = isReasoningModel } = options;
  const apiKey = new ApiKey(openaiIdentity, options.apiKey, env);
  const urlVariable = (): string | undefined => findVariable(env, ["OPENAI_BASE_URL"])?.value;
  const hostOf = (host?: string): string =>
    baseUrl(openaiIdentity, host, options.baseUrl, urlVariable()) ?? officialUrl;
  const needKey = (host: string): void => {
    if (isOfficial(host) && !apiKey.given) throw keyMissing();
  };
  const connections = new OpenAIConnections(
    (host) =>
      new OpenAIConnection({
        identity: openaiIdentity,
        host,
        official: isOfficial(host),
        fetch: options.fetch,
        key: async () => {
          needKey(host);
          return apiKey.given ? apiKey.get() : undefined;
        },
        authorize: (key) => ({ authorization: key === undefined ? null : `Bearer ${key}` }),
        makeClient: async (fetch) => {
          const { OpenAI } = await loadSdk(openaiIdentity, () => import("openai"));
          return new OpenAI({ ...clientOptions(env), fetch, baseURL: host });
        },
      }),
  );

  return {
    name: openaiIdentity.name,
    check: ({ host }) => needKey(hostOf(host)),
    model: ({ modelId = defaultModels.openai, host }: ModelSettings) => {
      const url = hostOf(host);
      needKey(url);
      return new OpenAIModel({ connection: connections.get(url), modelId, reasoning: reasoning(modelId) });
    },
    diagnose: async ({ online, signal }) => {
      const host = hostOf();
      return {
        package: { name: openaiIdentity.sdk, version: sdkVersion(openaiIdentity, import.meta.url) },
        configuration: [
          { name: "OPENAI_API_KEY", found: apiKey.given, required: isOfficial(host) },
          { name: "OPENAI_BASE_URL", found: urlVariable() !== undefined, required: false },
        ],
        ...(online ? { reachable: await connections.get(host).reach(signal) } : {}),
      };
    },
    close: async () => {
      connections.close();
    },
  };
}

function isOfficial(host: string): boolean {
  if (!URL.canParse(host)) return false;
  const { hostname } = new URL(host);
  return hostname === "api.openai.com" || hostname.endsWith(".api.openai.com");
}

function keyMissing(): ProviderError {
  const { name, title } = openaiIdentity;
  return new ProviderError("PROVIDER_NOT_CONFIGURED", `${title} needs a key, and none is set`, {
    provider: name,
    hint: "Set OPENAI_API_KEY to a key of your account, or `host` (OPENAI_BASE_URL) to a server that needs none.",
  });
}
