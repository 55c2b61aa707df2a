import type { ModelProvider, ModelSettings } from "@strands/core";
import { defaultModels, loadSdk, providerFailure } from "@strands/provider-kit";
import { clientOptions, hasKey, type KeyOption, keyFrom } from "./client-options.js";
import { isReasoningModel } from "./is-reasoning-model.js";
import { OpenAIConnection, sdkVersion } from "./openai-connection.js";
import { openaiIdentity } from "./openai-identity.js";
import { OpenAIModel } from "./openai-model.js";
import { type Env, readEnv } from "./read-env.js";

/** Options of {@link createOpenAIProvider}. Everything has a default. */
export interface OpenAIProviderOptions {
  /** The key, or a function that gives one, asked at every call. @defaultValue the environment's `OPENAI_API_KEY` */
  readonly apiKey?: KeyOption | undefined;
  /**
   * Base URL of the API, its path included. `runtime.host` of a workflow wins over it.
   * @defaultValue the environment's `OPENAI_BASE_URL`, else `https://api.openai.com/v1`
   */
  readonly baseUrl?: string | undefined;
  /** @defaultValue `process.env` */
  readonly env?: Env | undefined;
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
  const connections = new Map<string, OpenAIConnection>();
  const hostOf = (host?: string): string => host ?? options.baseUrl ?? readEnv(env, "OPENAI_BASE_URL") ?? officialUrl;
  const keyFound = (): boolean => hasKey(options.apiKey, env, "OPENAI_API_KEY");

  const check = (host: string): void => {
    if (isOfficial(host) && !keyFound()) throw keyMissing();
  };
  const connect = (host: string): OpenAIConnection => {
    const known = connections.get(host);
    if (known !== undefined) return known;
    const made = new OpenAIConnection({
      identity: openaiIdentity,
      host,
      official: isOfficial(host),
      fetch: options.fetch,
      key: () => keyFrom(options.apiKey, env, "OPENAI_API_KEY"),
      authorize: (key) => ({ authorization: key === undefined ? null : `Bearer ${key}` }),
      makeClient: async (fetch) => {
        const { OpenAI } = await loadSdk(openaiIdentity, () => import("openai"));
        return new OpenAI({ ...clientOptions(env), fetch, baseURL: host });
      },
    });
    connections.set(host, made);
    return made;
  };

  return {
    name: openaiIdentity.name,
    check: ({ host }) => check(hostOf(host)),
    model: ({ modelId = defaultModels.openai, host }: ModelSettings) => {
      const baseUrl = hostOf(host);
      check(baseUrl);
      return new OpenAIModel({ connection: connect(baseUrl), modelId, reasoning: reasoning(modelId) });
    },
    diagnose: async ({ online, signal }) => {
      const host = hostOf();
      return {
        package: { name: openaiIdentity.sdk, version: await sdkVersion(openaiIdentity) },
        configuration: [
          { name: "OPENAI_API_KEY", found: keyFound(), required: isOfficial(host) },
          { name: "OPENAI_BASE_URL", found: readEnv(env, "OPENAI_BASE_URL") !== undefined, required: false },
        ],
        ...(online ? { reachable: await connect(host).reach(signal) } : {}),
      };
    },
    close: async () => {
      for (const connection of connections.values()) connection.close();
    },
  };
}

function isOfficial(host: string): boolean {
  if (!URL.canParse(host)) return false;
  const { hostname } = new URL(host);
  return hostname === "api.openai.com" || hostname.endsWith(".api.openai.com");
}

function keyMissing(): Error {
  return providerFailure(openaiIdentity, {
    code: "PROVIDER_NOT_CONFIGURED",
    message: "there is no key",
    hint: "Set OPENAI_API_KEY to a key of your account, or `host` (OPENAI_BASE_URL) to a server that needs none.",
  });
}
