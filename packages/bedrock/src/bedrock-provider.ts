import type { BedrockRuntimeClientConfig } from "@aws-sdk/client-bedrock-runtime";
import type { ModelProvider, ModelSettings, ProviderDiagnosis } from "@strands/core";
import { ProviderError } from "@strands/core";
import { ClientPool, defaultModels, sdkVersion } from "@strands/provider-kit";
import type { BedrockClient } from "./bedrock-client.js";
import { createBedrockClient } from "./bedrock-client.js";
import { bedrockIdentity } from "./bedrock-identity.js";
import { BedrockModel } from "./bedrock-model.js";
import { CallsInFlight } from "./calls-in-flight.js";
import { guardReply } from "./guard-reply.js";
import { mapBedrockError, regionHint } from "./map-bedrock-error.js";

/** Options of {@link createBedrockProvider}. */
export interface BedrockProviderOptions {
  /** The region, when the workflow has none under `runtime`. @defaultValue AWS_REGION, AWS_DEFAULT_REGION, else the profile's */
  readonly region?: string;
  /** Another endpoint than the region's own, for a private link or a proxy. @defaultValue AWS_ENDPOINT_URL_BEDROCK_RUNTIME */
  readonly host?: string;
  /** A Bedrock API key, or a function that gives it. @defaultValue AWS_BEARER_TOKEN_BEDROCK */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Credentials, or a function that gives them. @defaultValue the ordinary AWS chain */
  readonly credentials?: NonNullable<BedrockRuntimeClientConfig["credentials"]>;
  /** A profile of the AWS configuration files. @defaultValue AWS_PROFILE */
  readonly profile?: string;
  /**
   * Where the AWS variables above are looked up. What the chain of credentials reads besides them, such as
   * AWS_CONFIG_FILE, it takes from the process.
   *
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What tells clients apart. */
interface Place {
  readonly region: string | undefined;
  readonly host: string | undefined;
}

/**
 * Models of Amazon Bedrock, under the name `bedrock`, over the AWS SDK, which is loaded on the first call.
 *
 * @example
 * const client = new WorkflowClient({ providers: [createBedrockProvider({ region: "eu-central-1" })] });
 */
export function createBedrockProvider(options: BedrockProviderOptions = {}): ModelProvider {
  const { env = process.env } = options;
  const calls = new CallsInFlight();
  const clients = new ClientPool(
    (key) => createBedrockClient(clientConfig(options, JSON.parse(key) as Place)),
    ({ client }) => client.destroy(),
  );
  const clientOf = (place: Place): Promise<BedrockClient> => clients.get(JSON.stringify(place));

  const placeOf = (settings?: ModelSettings): Place => ({
    region: firstOf(settings?.region, options.region, env["AWS_REGION"], env["AWS_DEFAULT_REGION"]),
    host: firstOf(settings?.host, options.host, env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"], env["AWS_ENDPOINT_URL"]),
  });

  async function reach(signal: AbortSignal): Promise<ProviderDiagnosis["reachable"]> {
    const place = placeOf();
    const call = calls.begin(signal);
    const secrets: string[] = [];
    try {
      checkPlace(place, firstOf(options.profile, env["AWS_PROFILE"]));
      const { sdk, client } = await clientOf(place);
      const command = new sdk.ListAsyncInvokesCommand({ maxResults: 1 });
      guardReply(command, secrets);
      await client.send(command, { abortSignal: call.signal });
      return { ok: true };
    } catch (error) {
      // Who may not list is known to the service, and may still be allowed to call models.
      if ((error as { name?: unknown } | null)?.name === "AccessDeniedException") return { ok: true };
      return { ok: false, error: mapBedrockError(error, { ...place, secrets, closed: call.closed }).toJSON() };
    } finally {
      call.stop();
    }
  }

  return {
    name: bedrockIdentity.name,
    check(settings) {
      checkPlace(placeOf(settings), firstOf(options.profile, env["AWS_PROFILE"]));
    },
    async diagnose({ online, signal }) {
      const reachable = online ? await reach(signal) : undefined;
      return {
        package: { name: bedrockIdentity.sdk, version: sdkVersion(bedrockIdentity, import.meta.url) },
        configuration: [
          { name: "region", found: placeOf().region !== undefined, required: true },
          ...variables.map((name) => ({ name, found: firstOf(env[name]) !== undefined, required: false })),
        ],
        ...(reachable === undefined ? {} : { reachable }),
      };
    },
    model(settings) {
      const place = placeOf(settings);
      const modelId = settings.modelId ?? defaultModels.bedrock;
      return new BedrockModel({ modelId, ...place, client: () => clientOf(place), calls });
    },
    async close() {
      calls.close();
      await clients.close();
    },
  };
}

const variables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_PROFILE",
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
];

function checkPlace({ region, host }: Place, profile: string | undefined): void {
  const provider = bedrockIdentity.name;
  if (region === undefined && profile === undefined) {
    throw new ProviderError("PROVIDER_NOT_CONFIGURED", "Amazon Bedrock needs a region", { provider, hint: regionHint });
  }
  // It becomes part of a host name.
  if (region !== undefined && !/^[a-z0-9-]{1,63}$/i.test(region)) {
    throw new ProviderError("PROVIDER_NOT_CONFIGURED", "The region of Amazon Bedrock is no name of a region", {
      provider,
      hint: regionHint,
    });
  }
  if (host !== undefined && !/^https?:$/.test(URL.canParse(host) ? new URL(host).protocol : "")) {
    throw new ProviderError("PROVIDER_NOT_CONFIGURED", "The host of Amazon Bedrock is no URL", {
      provider,
      hint: "Set `host` under `runtime`, the option `host` or AWS_ENDPOINT_URL_BEDROCK_RUNTIME to a URL, or leave it out.",
    });
  }
}

function clientConfig(options: BedrockProviderOptions, { region, host }: Place): BedrockRuntimeClientConfig {
  const { env = process.env, credentials } = options;
  const profile = firstOf(options.profile, env["AWS_PROFILE"]);
  const apiKey = options.apiKey ?? firstOf(env["AWS_BEARER_TOKEN_BEDROCK"]);
  return {
    ...(region === undefined ? {} : { region }),
    ...(host === undefined ? {} : { endpoint: host }),
    ...(profile === undefined ? {} : { profile }),
    ...(apiKey === undefined ? {} : { token: tokenOf(apiKey), authSchemePreference: ["httpBearerAuth"] }),
    ...credentialsConfig(credentials ?? (profile === undefined ? keysIn(env) : undefined)),
  };
}

function credentialsConfig(credentials: BedrockProviderOptions["credentials"]): BedrockRuntimeClientConfig {
  return credentials === undefined ? {} : { credentials };
}

/** The keys of the environment, as the chain would find them in that of the process. */
function keysIn(env: NonNullable<BedrockProviderOptions["env"]>): BedrockProviderOptions["credentials"] {
  const accessKeyId = firstOf(env["AWS_ACCESS_KEY_ID"]);
  const secretAccessKey = firstOf(env["AWS_SECRET_ACCESS_KEY"]);
  const sessionToken = firstOf(env["AWS_SESSION_TOKEN"]);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** A function is asked for each call: what it gives has no time of its own that the SDK could keep it for. */
function tokenOf(
  apiKey: NonNullable<BedrockProviderOptions["apiKey"]>,
): NonNullable<BedrockRuntimeClientConfig["token"]> {
  if (typeof apiKey === "string") return { token: apiKey };
  return async () => ({ token: await apiKey(), expiration: new Date(0) });
}

function firstOf(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value.trim() !== "")?.trim();
}
