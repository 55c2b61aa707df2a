import type { ProviderIdentity } from "@strands/provider-kit";
import { providerFailure } from "@strands/provider-kit";

interface Choice {
  readonly message?: Readonly<Record<string, unknown>> | null;
  readonly finish_reason?: unknown;
}

/**
 * Some compatible servers answer in one piece although a stream was asked for. Gives that answer the form of a stream, for the
 * SDK to read; an error in such an answer becomes an event, which the SDK throws.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE` for a document that is no answer
 */
export async function streamOfWhole(identity: ProviderIdentity, response: Response): Promise<Response> {
  const event = eventOf(parse(await response.text()));
  if (event === undefined) {
    throw providerFailure(identity, {
      code: "PROVIDER_BAD_RESPONSE",
      statusCode: response.status,
      message: "it is of the content type `application/json`, but holds neither an answer nor an error",
    });
  }
  const { status, headers } = response;
  return new Response(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`, { status, headers });
}

function eventOf(document: unknown): unknown {
  const { choices, error, usage } = (document ?? {}) as { choices?: unknown; error?: unknown; usage?: unknown };
  if (error !== undefined && error !== null) return { error };
  if (!Array.isArray(choices) || choices.length === 0) return undefined;
  const { message, finish_reason } = choices[0] as Choice;
  return { choices: [{ index: 0, delta: message ?? {}, finish_reason: finish_reason ?? "stop" }], usage };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
