import type { ErrorCode, ProviderError } from "@strands/core";
import type { FailureFacts, HeaderSource, ProviderIdentity } from "@strands/provider-kit";
import { header, ownFailure, providerFailure, retryAfterMs, rootCause } from "@strands/provider-kit";

/** What the call was about, for the error to say and to keep quiet about. */
export type CallFacts = Pick<FailureFacts, "modelId" | "secrets" | "prompts">;

type ProviderCode = Extract<ErrorCode, `PROVIDER_${string}`>;

/** Errors of the AI SDK that are no answer of a server, by name: their classes are in packages we do not load. */
const codes: Readonly<Record<string, ProviderCode>> = {
  AI_LoadAPIKeyError: "PROVIDER_NOT_CONFIGURED",
  AI_LoadSettingError: "PROVIDER_NOT_CONFIGURED",
  AI_NoSuchModelError: "PROVIDER_BAD_REQUEST",
  AI_InvalidPromptError: "PROVIDER_BAD_REQUEST",
  AI_InvalidArgumentError: "PROVIDER_BAD_REQUEST",
  AI_UnsupportedFunctionalityError: "PROVIDER_BAD_REQUEST",
  AI_JSONParseError: "PROVIDER_BAD_RESPONSE",
  AI_TypeValidationError: "PROVIDER_BAD_RESPONSE",
  AI_InvalidResponseDataError: "PROVIDER_BAD_RESPONSE",
  AI_EmptyResponseBodyError: "PROVIDER_BAD_RESPONSE",
  AI_NoContentGeneratedError: "PROVIDER_BAD_RESPONSE",
};

const overflow =
  /context_length_exceeded|maximum context length|context (?:window|limit|length)|prompt is too long|input token count/i;
const usedUp = /insufficient_quota|exceeded your current quota|credit balance|billing/i;

/** The error for whatever a language model of the AI SDK threw or put into its stream. */
export function mapAiSdkError(error: unknown, identity: ProviderIdentity, facts: CallFacts): ProviderError {
  const own = ownFailure(error);
  if (own !== undefined) return own;
  const { name, statusCode: status, responseHeaders, responseBody, message, url } = fieldsOf(error);
  const statusCode = typeof status === "number" ? status : undefined;
  const headers = typeof responseHeaders === "object" ? (responseHeaders as HeaderSource | null) : undefined;
  const words = wordsOf(error, message);
  const said = `${words} ${typeof responseBody === "string" ? responseBody.slice(0, 4000) : ""}`;
  // One for a response that succeeded says that its body could not be read.
  const isFailure = statusCode === undefined || statusCode >= 400;
  const known = typeof name === "string" && Object.hasOwn(codes, name) ? codes[name] : undefined;
  const isOverflow = isFailure && statusCode !== 429 && overflow.test(said);
  const isUsedUp = isFailure && !isOverflow && usedUp.test(said);
  const meaning = isOverflow ? "PROVIDER_CONTEXT_OVERFLOW" : isUsedUp ? "PROVIDER_RATE_LIMIT" : known;
  const cause = rootCause(error);
  const code = meaning ?? (!isFailure && isBroken(cause) ? "PROVIDER_UNAVAILABLE" : undefined);
  return providerFailure(identity, {
    ...facts,
    statusCode,
    code,
    message: words,
    requestId: header(headers ?? undefined, "x-request-id") ?? header(headers ?? undefined, "request-id"),
    retryAfterMs: retryAfterMs(headers ?? undefined, Date.now()),
    host: typeof url === "string" ? url : undefined,
    cause,
    ...(isUsedUp ? { retryable: false, hint: "Look at the plan and the limits of the account at the vendor." } : {}),
  });
}

/** Whether a connection broke, rather than that what came over it is wrong. */
function isBroken(cause: unknown): boolean {
  return typeof fieldsOf(cause)["code"] === "string" || (cause instanceof TypeError && cause.message === "terminated");
}

/** Words for people. A key or a body that could not be parsed has no place in them. */
function wordsOf(error: unknown, message: unknown): string {
  const { name } = fieldsOf(error);
  if (name === "AI_JSONParseError" || name === "AI_TypeValidationError") return "a part of the answer cannot be read";
  if (typeof message === "string") return message;
  if (typeof error === "string") return error;
  // Error parts hold what the vendor sent.
  const inner = fieldsOf(fieldsOf(error)["error"])["message"];
  return typeof inner === "string" ? inner : "";
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
