import type { ModelProvider } from "@strands/core";
import type { KeyedServiceOptions } from "@strands/provider-kit";
import { defaultModels, expectContentType, KeyedService, refuseErrorInAnswer } from "@strands/provider-kit";
import { type AnthropicClient, createAnthropicClient } from "./anthropic-client.js";
import { anthropicIdentity } from "./anthropic-identity.js";
import { AnthropicModel } from "./anthropic-model.js";
import { mapAnthropicError } from "./map-anthropic-error.js";

/**
 * How to reach Anthropic. The key is that of `ANTHROPIC_API_KEY` and the base URL that of `ANTHROPIC_BASE_URL` unless they are
 * given here.
 */
export type AnthropicOptions = KeyedServiceOptions;

/**
 * Anthropic's models, over the official SDK `@anthropic-ai/sdk` (an optional peer: install it).
 *
 * @example
 * const client = new WorkflowClient({ providers: [createAnthropicProvider()] });
 */
export function createAnthropicProvider(options: AnthropicOptions = {}): ModelProvider {
  const service = new KeyedService<AnthropicClient>(
    {
      identity: anthropicIdentity,
      from: import.meta.url,
      urlVariable: "ANTHROPIC_BASE_URL",
      defaultUrl: "https://api.anthropic.com",
      inspect,
      create: createAnthropicClient,
      reach: ({ sdk }, signal) => sdk.models.list({ limit: 1 }, { signal }),
      mapError: mapAnthropicError,
    },
    options,
  );
  return {
    name: anthropicIdentity.name,
    check: (settings) => service.check(settings),
    diagnose: (asked) => service.diagnose(asked),
    model: ({ modelId, host }) => new AnthropicModel(modelId ?? defaultModels.anthropic, service.connect(host)),
    close: () => service.close(),
  };
}

/** Models answer with a stream of events; the list of models is JSON. */
async function inspect(response: Response, request: Request | URL | string): Promise<Response> {
  if (!response.ok) return response;
  const url = request instanceof Request ? request.url : String(request);
  const isMessage = new URL(url).pathname.endsWith("/v1/messages");
  if (isMessage) await refuseErrorInAnswer(response);
  expectContentType(anthropicIdentity, response, [isMessage ? "event-stream" : "json"]);
  return response;
}
