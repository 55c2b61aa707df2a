import type { ModelProvider, ModelSettings } from "@strands/core";
import { ProviderError } from "@strands/core";
import type { ApiKeyOption, Environment } from "@strands/provider-kit";
import { ApiKey, baseUrl, findVariable, loadSdk, providerFailure, sdkVersion } from "@strands/provider-kit";
import { clientOptions } from "./client-options.js";
import { isReasoningModel } from "./is-reasoning-model.js";
import { OpenAIConnection, OpenAIConnections } from "./openai-connection.js";
import { azureIdentity } from "./openai-identity.js";
import { OpenAIModel } from "./openai-model.js";

/** Options of {@link createAzureOpenAIProvider}. */
export interface AzureOpenAIProviderOptions {
  /** The key of the resource, or a function that gives one, asked at every call. @defaultValue the environment's `AZURE_OPENAI_API_KEY` */
  readonly apiKey?: ApiKeyOption | undefined;
  /** Gives a token of Microsoft Entra ID, asked at every call; used instead of a key. */
  readonly tokenProvider?: (() => string | Promise<string>) | undefined;
  /**
   * Address of the resource, such as `https://my-resource.openai.azure.com`. `runtime.host` of a workflow wins over it.
   * @defaultValue the environment's `AZURE_OPENAI_ENDPOINT`
   */
  readonly endpoint?: string | undefined;
  /** @defaultValue the environment's `OPENAI_API_VERSION`, else `2024-10-21` */
  readonly apiVersion?: string | undefined;
  /** @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Carries the requests, for proxies and the like. @defaultValue the platform's `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Whether the model of a deployment takes `max_completion_tokens`, and neither `temperature` nor `top_p`.
   * @defaultValue true for deployments whose name begins like a model of the o series, or of gpt-5 and later
   */
  readonly reasoning?: ((deployment: string) => boolean) | undefined;
}

/** The oldest version that is stable, counts tokens in streams and takes schemas for answers. */
const defaultApiVersion = "2024-10-21";

/**
 * Models deployed to a resource of Azure OpenAI; `model_id` is the name of the deployment.
 *
 * @throws ProviderError when a model is used: `PROVIDER_NOT_CONFIGURED` when the key, the endpoint, the deployment or the package
 * `openai` is missing, and the other `PROVIDER_` codes for calls that fail
 * @example
 * new WorkflowClient({ providers: [createAzureOpenAIProvider({ endpoint: "https://my-resource.openai.azure.com" })] });
 */
export function createAzureOpenAIProvider(options: AzureOpenAIProviderOptions = {}): ModelProvider {
  const { env = process.env, tokenProvider, reasoning = isReasoningModel } = options;
  const apiKey = new ApiKey(azureIdentity, tokenProvider ?? options.apiKey, env);
  const variable = (name: string): string | undefined => findVariable(env, [name])?.value;
  const apiVersion = options.apiVersion ?? variable("OPENAI_API_VERSION") ?? defaultApiVersion;
  const endpointOf = (host?: string): string | undefined =>
    baseUrl(azureIdentity, host, options.endpoint, variable("AZURE_OPENAI_ENDPOINT"));

  const check = (
    host: string | undefined,
    deployment: string | undefined,
  ): { endpoint: string; deployment: string } => {
    const endpoint = endpointOf(host);
    const missing: string[] = [];
    if (!apiKey.given) missing.push("the key (AZURE_OPENAI_API_KEY)");
    if (endpoint === undefined) missing.push("the endpoint (AZURE_OPENAI_ENDPOINT, or `host` under `runtime`)");
    if (deployment === undefined) missing.push("the deployment (`model_id` of the agent or under `runtime`)");
    if (missing.length > 0 || endpoint === undefined || deployment === undefined) throw notConfigured(missing);
    if (!isDeploymentName(deployment)) throw badDeployment(deployment);
    return { endpoint, deployment };
  };
  const connections = new OpenAIConnections(
    (endpoint) =>
      new OpenAIConnection({
        identity: azureIdentity,
        host: endpoint,
        official: true,
        fetch: options.fetch,
        key: () => apiKey.get(),
        authorize: (key) =>
          tokenProvider === undefined
            ? { "api-key": key ?? null }
            : { "api-key": null, authorization: `Bearer ${key}` },
        makeClient: async (fetch) => {
          const { AzureOpenAI } = await loadSdk(azureIdentity, () => import("openai"));
          return new AzureOpenAI({ ...clientOptions(env), fetch, apiVersion, baseURL: baseUrlOf(endpoint) });
        },
      }),
  );

  return {
    name: azureIdentity.name,
    check: ({ host, modelId }) => void check(host, modelId),
    model: ({ modelId, host }: ModelSettings) => {
      const { endpoint, deployment } = check(host, modelId);
      return new OpenAIModel({
        connection: connections.get(endpoint),
        modelId: deployment,
        reasoning: reasoning(deployment),
      });
    },
    diagnose: async ({ online, signal }) => {
      const endpoint = endpointOf();
      return {
        package: { name: azureIdentity.sdk, version: sdkVersion(azureIdentity, import.meta.url) },
        configuration: [
          { name: "AZURE_OPENAI_API_KEY", found: apiKey.given, required: true },
          { name: "AZURE_OPENAI_ENDPOINT", found: endpoint !== undefined, required: true },
          { name: "OPENAI_API_VERSION", found: variable("OPENAI_API_VERSION") !== undefined, required: false },
        ],
        ...(online && endpoint !== undefined ? { reachable: await connections.get(endpoint).reach(signal) } : {}),
      };
    },
    close: async () => {
      connections.close();
    },
  };
}

/** The SDK adds the deployment to it. */
function baseUrlOf(endpoint: string): string {
  return `${endpoint.replace(/\/openai$/, "")}/openai`;
}

/** It becomes a part of the address, so it must not be able to lead elsewhere. */
function isDeploymentName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}

function notConfigured(missing: readonly string[]): Error {
  const { name, title } = azureIdentity;
  return new ProviderError("PROVIDER_NOT_CONFIGURED", `${title} lacks ${missing.join(", ")}`, {
    provider: name,
    hint: "Set what is missing: the Azure portal shows it under the resource's keys and deployments.",
  });
}

function badDeployment(name: string): Error {
  return providerFailure(azureIdentity, {
    code: "PROVIDER_NOT_CONFIGURED",
    modelId: name,
    message: `\`${name}\` is no name of a deployment`,
    hint: "Set `model_id` to the name of a deployment: letters, digits, `-`, `_` and `.`.",
  });
}
