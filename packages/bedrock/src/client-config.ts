import type { BedrockRuntimeClientConfig } from "@aws-sdk/client-bedrock-runtime";
import type { ApiKeyOption, Environment } from "@strands/provider-kit";
import { ApiKey, findVariable } from "@strands/provider-kit";
import { bedrockIdentity } from "./bedrock-identity.js";
import type { BedrockPlace } from "./bedrock-place.js";

type Config = BedrockRuntimeClientConfig;

/** How the service is to know who calls. */
export interface BedrockAccess {
  /** A Bedrock API key, or a function that gives it for each call. It comes before credentials. @defaultValue AWS_BEARER_TOKEN_BEDROCK */
  readonly apiKey?: ApiKeyOption | undefined;
  /** Credentials, or a function that gives them. @defaultValue the ordinary AWS chain */
  readonly credentials?: NonNullable<Config["credentials"]> | undefined;
}

/** What the SDK's client is made with. What is left out it looks for itself, in the ordinary AWS chain. */
export function clientConfig(
  { apiKey, credentials }: BedrockAccess,
  env: Environment,
  profile: string | undefined,
  { region, host }: BedrockPlace,
): Config {
  // A profile comes before keys of the environment, as in the chain.
  const keys = credentials ?? (profile === undefined ? keysIn(env) : undefined);
  return {
    ...(region === undefined ? {} : { region }),
    ...(host === undefined ? {} : { endpoint: host }),
    ...(profile === undefined ? {} : { profile }),
    ...(keys === undefined ? {} : { credentials: keys }),
    ...bearerConfig(apiKey ?? findVariable(env, bedrockIdentity.keyVariables)?.value),
  };
}

/** The keys of the environment, as the chain would find them in that of the process. */
function keysIn(env: Environment): Config["credentials"] | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
  ].map((name) => findVariable(env, [name])?.value);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function bearerConfig(apiKey: ApiKeyOption | undefined): Config {
  if (apiKey === undefined) return {};
  const key = new ApiKey(bedrockIdentity, apiKey, {});
  // Over at once, so that a function is asked for each call: the SDK keeps what has no end for ever.
  const token = async () => ({ token: await key.get(), expiration: new Date(0) });
  return { token, authSchemePreference: ["httpBearerAuth"] };
}
