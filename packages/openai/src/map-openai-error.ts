import type { ModelRequest, ProviderError } from "@strands/core";
import type { FailureFacts, HeaderSource, ProviderIdentity } from "@strands/provider-kit";
import { ownFailure, promptsOf, providerFailure, retryAfterMs, rootCause } from "@strands/provider-kit";

/** What a call was made with, for the error it may end in. */
export interface CallFacts {
  readonly identity: ProviderIdentity;
  readonly modelId?: string | undefined;
  readonly host: string;
  /** The service of the vendor itself, and no other one that speaks its language. */
  readonly official: boolean;
  readonly key: string | undefined;
  readonly request?: ModelRequest | undefined;
}

/** Turns what the SDK throws into our error. The SDK's own holds headers and bodies, so nothing of it is kept but words. */
export function mapOpenAIError(error: unknown, call: CallFacts): ProviderError {
  const own = ownFailure(error);
  if (own !== undefined) return own;
  const facts = { ...readError(error), modelId: call.modelId, host: call.host, cause: error };
  const safe = { secrets: [call.key], prompts: call.request === undefined ? [] : promptsOf(call.request) };
  return providerFailure(call.identity, { ...facts, ...safe, ...hintFor(facts, call) });
}

/** Everything is optional: compatible servers put together errors of their own. */
interface SdkError {
  readonly status?: unknown;
  readonly headers?: HeaderSource;
  readonly requestID?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly error?: unknown;
}

function readError(error: unknown): FailureFacts {
  if (error instanceof SyntaxError) return { code: "PROVIDER_BAD_RESPONSE", message: "an event is no JSON" };
  const { status, headers, requestID, code, type, error: body } = (error ?? {}) as SdkError;
  const statusCode = typeof status === "number" ? status : undefined;
  const message =
    statusCode === undefined
      ? (networkWords(error) ?? wordsOf(error as SdkError, body))
      : wordsOf(error as SdkError, body);
  const meaning = nameOfClass(error) === "APIConnectionTimeoutError" ? timedOut : meaningOf([code, type], message);
  return {
    statusCode,
    message,
    requestId: typeof requestID === "string" ? requestID : undefined,
    retryAfterMs: retryAfterMs(headers, Date.now()),
    ...meaning,
  };
}

/** By name: the SDK is loaded on first use, so its classes are not at hand. */
function nameOfClass(error: unknown): string | undefined {
  return error instanceof Error ? error.constructor.name : undefined;
}

/** What the platform says of a connection; the SDK's own words are the same for all of them. */
function networkWords(error: unknown): string | undefined {
  const cause = rootCause(error);
  if (cause === error || !(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  return typeof code === "string" ? code : cause.message;
}

type Meaning = Pick<FailureFacts, "code" | "retryable" | "hint">;

const timedOut: Meaning = { code: "PROVIDER_TIMEOUT" };
const overflow: Meaning = { code: "PROVIDER_CONTEXT_OVERFLOW" };
const usedUp: Meaning = {
  code: "PROVIDER_RATE_LIMIT",
  retryable: false,
  hint: "The quota is used up: look at the plan and the billing of the account, then resume.",
};

const filtered: Meaning = {
  code: "PROVIDER_BAD_REQUEST",
  hint: "The content filter refused the prompt: change its words, or the filter of the deployment.",
};

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["insufficient_quota", usedUp],
  ["billing_hard_limit_reached", usedUp],
  ["context_length_exceeded", overflow],
  ["exceed_context_size_error", overflow],
  ["rate_limit_exceeded", { code: "PROVIDER_RATE_LIMIT" }],
  ["content_filter", filtered],
  ["invalid_api_key", { code: "PROVIDER_AUTH" }],
]);

/** Servers without a code of their own for it say it in words. */
const overflowWords = /context (?:length|window|size)|maximum context|too many tokens/i;

function meaningOf(signs: readonly unknown[], message: string | undefined): Meaning | undefined {
  for (const sign of signs) {
    const meaning = typeof sign === "string" ? meanings.get(sign) : undefined;
    if (meaning !== undefined) return meaning;
  }
  if (signs.includes("invalid_request_error") || signs.includes("BadRequestError")) {
    return message !== undefined && overflowWords.test(message) ? overflow : undefined;
  }
  return undefined;
}

/** The vendor's sentence. A page of HTML, or the SDK's own words for a body without one, tell nothing. */
function wordsOf(error: SdkError | undefined, body: unknown): string | undefined {
  const { message } = (body ?? {}) as { message?: unknown };
  if (typeof message === "string") return message;
  if (typeof body === "string") return body;
  const { status, message: words } = error ?? {};
  if (typeof words !== "string") return undefined;
  const text = words.startsWith(`${String(status)} `) ? words.slice(String(status).length + 1) : words;
  return /^\s*[<{[]|^status code \(no body\)|^\(no status code or body\)$/.test(text) ? undefined : text;
}

function hintFor(
  { statusCode, hint }: FailureFacts,
  { official, host, modelId = "" }: CallFacts,
): Pick<FailureFacts, "hint"> {
  if (hint !== undefined || statusCode !== 404 || official) return { hint };
  return {
    hint: `Check the model id \`${modelId}\`, and that \`${host}\` is the whole base URL: most servers want a path such as \`/v1\` in it.`,
  };
}
