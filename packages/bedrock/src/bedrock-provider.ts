import type { ModelProvider, ModelSettings, ProviderDiagnosis } from "@strands/core";
import type { Environment } from "@strands/provider-kit";
import { ClientPool, defaultModels, findVariable, sdkVersion } from "@strands/provider-kit";
import type { BedrockClient } from "./bedrock-client.js";
import { createBedrockClient } from "./bedrock-client.js";
import { bedrockIdentity } from "./bedrock-identity.js";
import { BedrockModel } from "./bedrock-model.js";
import type { BedrockPlace } from "./bedrock-place.js";
import { checkPlace } from "./bedrock-place.js";
import { CallsInFlight } from "./calls-in-flight.js";
import type { BedrockAccess } from "./client-config.js";
import { clientConfig } from "./client-config.js";
import { guardReply, newExchange } from "./guard-reply.js";
import { mapBedrockError } from "./map-bedrock-error.js";

/** Options of {@link createBedrockProvider}. */
export interface BedrockProviderOptions extends BedrockAccess {
  /** The region, when the workflow has none under `runtime`. @defaultValue AWS_REGION, AWS_DEFAULT_REGION, else the profile's */
  readonly region?: string | undefined;
  /** Another endpoint than the region's own, for a private link or a proxy. @defaultValue AWS_ENDPOINT_URL_BEDROCK_RUNTIME */
  readonly host?: string | undefined;
  /** A profile of the AWS configuration files. @defaultValue AWS_PROFILE */
  readonly profile?: string | undefined;
  /**
   * Where the AWS variables above are looked up. What the chain of credentials reads besides them, such as
   * AWS_CONFIG_FILE, it takes from the process.
   *
   * @defaultValue `process.env`
   */
  readonly env?: Environment | undefined;
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
  const find = (...names: readonly string[]): string | undefined => findVariable(env, names)?.value;
  const profile = options.profile ?? find("AWS_PROFILE");
  const clients = new ClientPool(
    (key) => createBedrockClient(clientConfig(options, env, profile, JSON.parse(key) as BedrockPlace)),
    ({ client }) => client.destroy(),
  );
  const clientOf = (place: BedrockPlace): Promise<BedrockClient> => clients.get(JSON.stringify(place));

  const placeOf = (settings?: ModelSettings): BedrockPlace => ({
    region: settings?.region ?? options.region ?? find("AWS_REGION", "AWS_DEFAULT_REGION"),
    host: settings?.host ?? options.host ?? find("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"),
  });

  async function reach(signal: AbortSignal): Promise<ProviderDiagnosis["reachable"]> {
    const place = placeOf();
    const call = calls.begin(signal);
    const exchange = newExchange();
    try {
      checkPlace(place, profile);
      const { sdk, client } = await clientOf(place);
      const command = new sdk.ListAsyncInvokesCommand({ maxResults: 1 });
      guardReply(command, exchange);
      await client.send(command, { abortSignal: call.signal });
      return { ok: true };
    } catch (error) {
      // Who may not list is known to the service, and may still be allowed to call models.
      if ((error as { name?: unknown } | null)?.name === "AccessDeniedException") return { ok: true };
      return { ok: false, error: mapBedrockError(error, { ...place, exchange, closed: call.closed }).toJSON() };
    } finally {
      call.stop();
    }
  }

  return {
    name: bedrockIdentity.name,
    check(settings) {
      checkPlace(placeOf(settings), profile);
    },
    async diagnose({ online, signal }) {
      const reachable = online ? await reach(signal) : undefined;
      return {
        package: { name: bedrockIdentity.sdk, version: sdkVersion(bedrockIdentity, import.meta.url) },
        configuration: [
          { name: "region", found: placeOf().region !== undefined, required: true },
          ...variables.map((name) => ({ name, found: find(name) !== undefined, required: false })),
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
