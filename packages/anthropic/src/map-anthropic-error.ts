import type { ErrorCode, ProviderError } from "@strands/core";
import type { FailureFacts, HeaderSource } from "@strands/provider-kit";
import { ErrorInAnswer, header, ownFailure, providerFailure, retryAfterMs, rootCause } from "@strands/provider-kit";
import { anthropicIdentity } from "./anthropic-identity.js";

/** What the call was about, for the error to say and to keep quiet about. */
export type CallFacts = Pick<FailureFacts, "modelId" | "host" | "secrets" | "prompts">;

type ProviderCode = Extract<ErrorCode, `PROVIDER_${string}`>;

/** Errors in mid-stream have a type and no status. */
const codes: Readonly<Record<string, ProviderCode>> = {
  authentication_error: "PROVIDER_AUTH",
  permission_error: "PROVIDER_AUTH",
  billing_error: "PROVIDER_RATE_LIMIT",
  rate_limit_error: "PROVIDER_RATE_LIMIT",
  timeout_error: "PROVIDER_TIMEOUT",
  api_error: "PROVIDER_UNAVAILABLE",
  overloaded_error: "PROVIDER_UNAVAILABLE",
  not_found_error: "PROVIDER_BAD_REQUEST",
  invalid_request_error: "PROVIDER_BAD_REQUEST",
  request_too_large: "PROVIDER_CONTEXT_OVERFLOW",
};

const overflow = /prompt is too long|exceeds? (?:the )?(?:context|maximum) |context (?:window|limit|length)/i;
const usedUp = /credit balance|billing|spend(?:ing)? limit|usage limits?/i;

/** The error for whatever the SDK threw. */
export function mapAnthropicError(error: unknown, facts: CallFacts): ProviderError {
  const own = ownFailure(error);
  if (own !== undefined) return own;
  const cause = rootCause(error);
  const { status, error: body, headers, name } = fieldsOf(cause instanceof ErrorInAnswer ? cause : error);
  if (status !== undefined || body !== undefined) return responseFailure({ status, body, headers }, facts);
  if (cause instanceof SyntaxError || name === "AnthropicError") {
    const message = cause instanceof SyntaxError ? "an event of the stream is no JSON" : "the response is empty";
    return providerFailure(anthropicIdentity, { ...facts, code: "PROVIDER_BAD_RESPONSE", message });
  }
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const words = typeof code === "string" ? code : message;
  return providerFailure(anthropicIdentity, { ...facts, message: typeof words === "string" ? words : "", cause });
}

interface ErrorResponse {
  readonly status: number | undefined;
  /** Parsed, when it was JSON. */
  readonly body: unknown;
  readonly headers: HeaderSource | undefined;
}

function responseFailure({ status, body, headers }: ErrorResponse, facts: CallFacts): ProviderError {
  const { type, message } = errorOf(body);
  const isUsedUp = type === "billing_error" || (status !== 404 && usedUp.test(message));
  const isOverflow = (status === 400 || type === "invalid_request_error") && overflow.test(message);
  // Behind a proxy the status says more than the type, as long as it says that the call failed.
  const byType = status === undefined || status < 300 ? (codes[type] ?? "PROVIDER_UNAVAILABLE") : undefined;
  const code = isOverflow ? "PROVIDER_CONTEXT_OVERFLOW" : isUsedUp ? "PROVIDER_RATE_LIMIT" : byType;
  return providerFailure(anthropicIdentity, {
    ...facts,
    statusCode: status,
    code,
    message: message === "" ? type : message,
    requestId: header(headers, "request-id"),
    retryAfterMs: retryAfterMs(headers, Date.now()),
    ...(isUsedUp || header(headers, "x-should-retry") === "false" ? { retryable: false } : {}),
    ...(isUsedUp
      ? { hint: "Look at the plan, the credit and the limits of the account at https://console.anthropic.com." }
      : {}),
  });
}

function fieldsOf(error: unknown): ErrorResponse & { readonly error: unknown; readonly name: string } {
  const { status, error: body, headers, name } = (error ?? {}) as Record<string, unknown>;
  return {
    status: typeof status === "number" ? status : undefined,
    error: body,
    body,
    // The cast is from the SDK's own error, whose headers are `Headers`.
    headers: headers as HeaderSource | undefined,
    name: typeof name === "string" ? name : "",
  };
}

/** `{ "error": { "type", "message" } }`, read without trust. */
function errorOf(body: unknown): { readonly type: string; readonly message: string } {
  const { error } = (body ?? {}) as { error?: unknown };
  const { type, message } = (error ?? {}) as { type?: unknown; message?: unknown };
  return { type: typeof type === "string" ? type : "", message: typeof message === "string" ? message : "" };
}
