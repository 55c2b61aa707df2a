import type { ErrorCode, ProviderError } from "@strands/core";
import type { FailureFacts } from "@strands/provider-kit";
import { ErrorInAnswer, header, ownFailure, providerFailure, retryAfterMs, rootCause } from "@strands/provider-kit";
import { geminiIdentity } from "./gemini-identity.js";

/** What the call was about, for the error to say and to keep quiet about. */
export interface CallFacts extends Pick<FailureFacts, "modelId" | "host" | "secrets" | "prompts"> {
  /** What came, which the SDK's errors do not tell: they have a status only when the body can be read. */
  readonly response?: Pick<Response, "status" | "ok" | "headers"> | undefined;
}

type ProviderCode = Extract<ErrorCode, `PROVIDER_${string}`>;

/** Errors in mid-stream and those that say success have a name of their own besides the number. */
const codes: Readonly<Record<string, ProviderCode>> = {
  UNAUTHENTICATED: "PROVIDER_AUTH",
  PERMISSION_DENIED: "PROVIDER_AUTH",
  RESOURCE_EXHAUSTED: "PROVIDER_RATE_LIMIT",
  DEADLINE_EXCEEDED: "PROVIDER_TIMEOUT",
  INVALID_ARGUMENT: "PROVIDER_BAD_REQUEST",
  FAILED_PRECONDITION: "PROVIDER_BAD_REQUEST",
  NOT_FOUND: "PROVIDER_BAD_REQUEST",
};

/** The error for whatever the SDK threw. */
export function mapGeminiError(error: unknown, facts: CallFacts): ProviderError {
  const own = ownFailure(error);
  if (own !== undefined) return own;
  const { response, ...known } = facts;
  const cause = rootCause(error);
  if (cause instanceof ErrorInAnswer) return responseFailure(undefined, cause.error, facts);
  const { name, status, message = "" } = (error ?? {}) as { name?: unknown; status?: unknown; message?: string };
  if (name === "ApiError" && typeof status === "number") return responseFailure(status, bodyIn(message), facts);
  if (response !== undefined && !response.ok) return responseFailure(response.status, undefined, facts);
  if (cause instanceof SyntaxError) {
    const words = "an event of the stream is no JSON";
    return providerFailure(geminiIdentity, { ...known, code: "PROVIDER_BAD_RESPONSE", message: words });
  }
  if (response === undefined && isRefusedBySdk(message)) {
    return providerFailure(geminiIdentity, { ...known, code: "PROVIDER_BAD_REQUEST", message });
  }
  const { code, message: words } = (cause ?? {}) as { code?: unknown; message?: unknown };
  return providerFailure(geminiIdentity, { ...known, message: String(typeof code === "string" ? code : words), cause });
}

/** The SDK looks at the model's name and the contents before it asks. */
function isRefusedBySdk(message: string): boolean {
  return /^invalid model parameter|^model is required|^contents are required|^ContentUnion is required/.test(message);
}

/** The SDK's message is the body, with words before it when it came in mid-stream. */
function bodyIn(message: string): unknown {
  try {
    return JSON.parse(message.slice(message.indexOf("{")));
  } catch {
    return undefined;
  }
}

const overflow = /token count .*exceeds|exceeds the maximum number of (?:input )?tokens|context (?:window|length)/i;
const badKey = /api[ _]key (?:not valid|invalid|expired|not found)/i;

function responseFailure(status: number | undefined, body: unknown, facts: CallFacts): ProviderError {
  const { response, ...known } = facts;
  const { name, message, details } = errorOf(body);
  const reasons = details.map(({ reason }) => reason);
  const isAuth = reasons.includes("API_KEY_INVALID") || (status === 400 && badKey.test(message));
  const isOverflow = (status === 400 || name === "INVALID_ARGUMENT") && overflow.test(message);
  const isUsedUp = details.some(isDailyQuota);
  const byName = status === undefined ? (codes[name] ?? "PROVIDER_UNAVAILABLE") : codes[timedOut(name)];
  return providerFailure(geminiIdentity, {
    ...known,
    // One in mid-stream comes after a status of success.
    statusCode: status ?? response?.status,
    code: isAuth
      ? "PROVIDER_AUTH"
      : isOverflow
        ? "PROVIDER_CONTEXT_OVERFLOW"
        : isUsedUp
          ? "PROVIDER_RATE_LIMIT"
          : byName,
    message: message === "" ? name : message,
    requestId: header(response?.headers, "x-goog-request-id"),
    retryAfterMs: retryAfterMs(response?.headers, Date.now()) ?? retryDelayMs(details),
    ...(isUsedUp
      ? {
          retryable: false,
          hint: "The quota of the day is used up: look at the plan and the limits at https://aistudio.google.com.",
        }
      : {}),
  });
}

/** The one name that says more than its status, 504. */
function timedOut(name: string): string {
  return name === "DEADLINE_EXCEEDED" ? name : "";
}

interface Detail {
  readonly reason?: unknown;
  readonly retryDelay?: unknown;
  readonly violations?: unknown;
}

/** `{ "error": { "status", "message", "details" } }`, read without trust. */
function errorOf(body: unknown): { readonly name: string; readonly message: string; readonly details: Detail[] } {
  const { error } = (body ?? {}) as { error?: unknown };
  const { status, message, details } = (error ?? {}) as Record<string, unknown>;
  return {
    // The SDK puts the words of the status line here when there is no name.
    name: typeof status === "string" && /^[A-Z_]+$/.test(status) ? status : "",
    // A page of a proxy has no words for an error.
    message: typeof message === "string" && !message.trimStart().startsWith("<") ? message : "",
    details: Array.isArray(details) ? details.filter((item) => typeof item === "object" && item !== null) : [],
  };
}

/** Quotas of a minute pass by waiting, those of a day do not. */
function isDailyQuota({ violations }: Detail): boolean {
  if (!Array.isArray(violations)) return false;
  return violations.some((violation: { quotaId?: unknown } | null) => /PerDay/.test(String(violation?.quotaId)));
}

/** `retryDelay` is a number of seconds with an `s`. */
function retryDelayMs(details: readonly Detail[]): number | undefined {
  const delay = details.map(({ retryDelay }) => retryDelay).find((value) => typeof value === "string");
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? "")?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}
