import type { Anthropic } from "@anthropic-ai/sdk";
import type { JsonObject } from "@strands/core";
import type { ClientSettings } from "@strands/provider-kit";
import { loadSdk } from "@strands/provider-kit";
import { anthropicIdentity } from "./anthropic-identity.js";
import type { ToFormat } from "./structured-output.js";

/** The SDK's client, and what else is taken from the SDK. */
export interface AnthropicClient {
  readonly sdk: Anthropic;
  readonly toFormat: ToFormat;
}

/** The longest delay a timer takes, in milliseconds: time-outs are the engine's. */
const noTimeout = 2 ** 31 - 1;

/** Loads the SDK and makes a client that tries once, says nothing and looks at no variable of the environment for its key. */
export async function createAnthropicClient(settings: ClientSettings): Promise<AnthropicClient> {
  const { Anthropic } = await loadSdk(anthropicIdentity, () => import("@anthropic-ai/sdk"));
  const { jsonSchemaOutputFormat } = await loadSdk(
    anthropicIdentity,
    () => import("@anthropic-ai/sdk/helpers/json-schema"),
  );
  const { baseUrl, apiKey, fetch } = settings;
  const sdk = new Anthropic({ baseURL: baseUrl, apiKey, fetch, maxRetries: 0, timeout: noTimeout, logLevel: "off" });
  return { sdk, toFormat: (schema) => plainFormat(jsonSchemaOutputFormat, schema) };
}

/** Without the SDK's parser, which hangs on what its function returns. */
function plainFormat(
  format: typeof import("@anthropic-ai/sdk/helpers/json-schema").jsonSchemaOutputFormat,
  schema: JsonObject,
): ReturnType<ToFormat> {
  // The cast drops the inference of a type from the schema, which is not known before the program runs.
  const made = (format as unknown as (schema: JsonObject) => ReturnType<ToFormat>)(schema);
  return { type: made.type, schema: made.schema };
}
