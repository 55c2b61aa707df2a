import type { ModelRequest, ProviderError } from "@strands/core";
import { StrandsError } from "@strands/core";
import type { FailureFacts } from "@strands/provider-kit";
import { promptsOf, providerFailure, retryAfterMs } from "@strands/provider-kit";
import { BedrockFailure } from "./bedrock-failure.js";
import { bedrockIdentity } from "./bedrock-identity.js";
import { regionHint } from "./bedrock-place.js";
import type { Exchange } from "./guard-reply.js";

/** What is known about the call that failed. */
export interface FailedCall {
  readonly request?: ModelRequest;
  readonly modelId?: string;
  readonly region: string | undefined;
  /** The endpoint, when it is not the region's own. */
  readonly host: string | undefined;
  readonly exchange: Exchange;
  /** Whether it ended because the provider was closed. */
  readonly closed: boolean;
}

/** The part of the SDK's errors that is looked at. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Record<string, string> };
}

/** The error for a call of Bedrock that failed, by the name the service gives it. */
export function mapBedrockError(error: unknown, call: FailedCall): ProviderError {
  if (StrandsError.isInstance(error)) return error as ProviderError;
  const { request, modelId, region, host, exchange, closed } = call;
  const where = host ?? (region === undefined ? undefined : `https://bedrock-runtime.${region}.amazonaws.com`);
  const known: FailureFacts = {
    modelId,
    host: where,
    secrets: exchange.secrets,
    prompts: request === undefined ? [] : promptsOf(request),
    cause: error,
  };
  if (closed) return providerFailure(bedrockIdentity, { ...known, ...closedFacts });
  if (error instanceof BedrockFailure) return replyFailure(error, known);
  const failure = (error ?? {}) as SdkError;
  const { message, $metadata, $response } = failure;
  const words = typeof message === "string" ? withoutAdvice(message) : "";
  const status = $metadata?.httpStatusCode ?? 0;
  // What fails inside of a stream may carry the status of the stream, which tells nothing.
  const statusCode = status >= 300 ? status : undefined;
  return providerFailure(bedrockIdentity, {
    ...known,
    statusCode,
    requestId: $metadata?.requestId,
    retryAfterMs: retryAfterMs($response?.headers, Date.now()),
    message: words,
    ...meaningOf(failure, words, statusCode, call),
  });
}

const settingsHint = "It failed before anything was sent: look at the credentials, the region and the endpoint.";

const closedFacts: FailureFacts = {
  retryable: false,
  message: "the provider was closed while the call was under way",
  hint: "Close the client only when its runs have ended.",
};

/** The SDK ends the messages of errors that it did not make itself with advice on its own insides. */
function withoutAdvice(message: string): string {
  return message.replace(/\s*Deserialization error: to see the raw response[\s\S]*$/, "");
}

function replyFailure(failure: BedrockFailure, known: FailureFacts): ProviderError {
  const { kind, status } = failure;
  const message = withoutAdvice(failure.message);
  if (kind === "unreadable")
    return providerFailure(bedrockIdentity, { ...known, code: "PROVIDER_BAD_RESPONSE", statusCode: status, message });
  return providerFailure(bedrockIdentity, { ...known, message, hint: "Resume the session to try again." });
}

function meaningOf(
  failure: SdkError,
  words: string,
  statusCode: number | undefined,
  { modelId, region, exchange }: FailedCall,
): Partial<FailureFacts> {
  switch (failure.name) {
    case "AccessDeniedException":
      return {
        code: "PROVIDER_AUTH",
        hint: `Allow \`bedrock:InvokeModelWithResponseStream\` to who calls, and ask for access to the model${inRegion(region)} in the Bedrock console.`,
      };
    case "UnrecognizedClientException":
    case "InvalidClientTokenId":
    case "InvalidSignatureException":
    case "IncompleteSignatureException":
    case "MissingAuthenticationTokenException":
      return { code: "PROVIDER_AUTH" };
    case "ExpiredToken":
    case "ExpiredTokenException":
      return {
        code: "PROVIDER_AUTH",
        hint: "The session of these credentials is over: get new ones, for example with `aws sso login`.",
      };
    case "CredentialsProviderError":
    case "TokenProviderError":
      return notConfigured(words);
    case "ResourceNotFoundException":
      return { code: "PROVIDER_BAD_REQUEST", hint: modelHint(modelId, region) };
    case "ServiceQuotaExceededException":
      return { code: "PROVIDER_RATE_LIMIT", retryable: false, hint: quotaHint };
    case "ThrottlingException":
    case "TooManyRequestsException":
      return /per day/i.test(words)
        ? { code: "PROVIDER_RATE_LIMIT", retryable: false, hint: quotaHint }
        : { code: "PROVIDER_RATE_LIMIT" };
    case "ModelTimeoutException":
      return { code: "PROVIDER_TIMEOUT" };
    case "TimeoutError":
      // So the SDK calls connections that break off as well.
      return failure.code === undefined || failure.code === "ETIMEDOUT" ? { code: "PROVIDER_TIMEOUT" } : {};
    case "ModelErrorException":
    case "ModelNotReadyException":
    case "ModelStreamErrorException":
    case "InternalServerException":
    case "ServiceUnavailableException":
      return {
        code: "PROVIDER_UNAVAILABLE",
        hint: "The trouble is on the other side. Resume the session to try again.",
      };
    case "ValidationException":
      return refusal(words, modelId, region);
    // What the SDK says when a body or an event is no JSON holds a piece of it.
    case "SyntaxError":
      return { message: "", ...(statusCode === undefined ? { code: "PROVIDER_BAD_RESPONSE" as const } : {}) };
    default:
      return unnamed(failure, words, statusCode, exchange);
  }
}

const quotaHint =
  "Ask for a higher quota in the Service Quotas console, use another model or region, or wait until it is renewed.";

function refusal(words: string, modelId: string | undefined, region: string | undefined): Partial<FailureFacts> {
  if (
    /too long|too many (?:total text bytes|tokens|input tokens)|context (?:length|limit|window)|maximum context/i.test(
      words,
    )
  )
    return { code: "PROVIDER_CONTEXT_OVERFLOW" };
  if (/on-demand throughput/i.test(words)) {
    return {
      code: "PROVIDER_BAD_REQUEST",
      hint: `Use the id of an inference profile instead of the model's, such as \`us.${modelId ?? "<model id>"}\`: \`aws bedrock list-inference-profiles${regionFlag(region)}\` shows them.`,
    };
  }
  if (/model identifier is invalid/i.test(words))
    return { code: "PROVIDER_BAD_REQUEST", hint: modelHint(modelId, region) };
  return { code: "PROVIDER_BAD_REQUEST" };
}

function notConfigured(words: string): Partial<FailureFacts> {
  return {
    code: "PROVIDER_NOT_CONFIGURED",
    hint: /sso|token/i.test(words)
      ? "Sign in again with `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
      : "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK, or run where a role is given.",
  };
}

/** Errors that the service did not name. */
function unnamed(
  { name, code }: SdkError,
  words: string,
  statusCode: number | undefined,
  { sent }: Exchange,
): Partial<FailureFacts> {
  if (statusCode !== undefined) return words === "UnknownError" ? { message: "" } : {};
  if (/^Region (?:is missing|not accepted)/.test(words)) {
    return { code: "PROVIDER_NOT_CONFIGURED", hint: regionHint };
  }
  if (!sent && code === undefined) return { code: "PROVIDER_NOT_CONFIGURED", hint: settingsHint };
  // Errors of the network have a code. What has none comes from the SDK's decoder, and may hold a piece of the answer.
  const ofDecoder = code === undefined && /^(?:Type|Range)?Error$/.test(String(name));
  return ofDecoder ? { code: "PROVIDER_BAD_RESPONSE", message: "an event that cannot be decoded" } : {};
}

function modelHint(modelId: string | undefined, region: string | undefined): string {
  return `Check the model id${modelId === undefined ? "" : ` \`${modelId}\``} and that the model is there${inRegion(region)}: \`aws bedrock list-foundation-models${regionFlag(region)}\` shows what is.`;
}

function inRegion(region: string | undefined): string {
  return region === undefined ? "" : ` in \`${region}\``;
}

function regionFlag(region: string | undefined): string {
  return region === undefined ? "" : ` --region ${region}`;
}
