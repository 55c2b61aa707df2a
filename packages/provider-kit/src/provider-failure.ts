import type { ErrorCode } from "@strands/core";
import { ProviderError, redact } from "@strands/core";
import type { ProviderIdentity } from "./provider-identity.js";

type ProviderCode = Extract<ErrorCode, `PROVIDER_${string}`>;

/** What is known about a call that failed. */
export interface FailureFacts {
  readonly modelId?: string | undefined;
  /** Base URL in use, for errors about reaching it. */
  readonly host?: string | undefined;
  /** HTTP status, when there was an answer. */
  readonly statusCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What the vendor says it is, when that tells more than the status. */
  readonly code?: ProviderCode | undefined;
  /** Whether the answer had begun, and ended before its end. */
  readonly cutOff?: boolean | undefined;
  /** Overrides what the code says, for failures that will not pass by waiting, such as a used-up quota. */
  readonly retryable?: boolean | undefined;
  /** The vendor's own words. */
  readonly message?: string | undefined;
  /** What to do, when it is more special than what the code says. */
  readonly hint?: string | undefined;
  /** What must not be in any error: keys in use, prompts sent. */
  readonly secrets?: readonly (string | undefined)[];
  readonly prompts?: Iterable<string>;
  readonly cause?: unknown;
}

/**
 * The error for a call that failed: its code by status, unless the vendor said more; a hint that says what to do. The vendor's
 * words are kept short, without credentials, and left out when they repeat the prompt. The vendor's error object is not
 * kept: it holds headers and bodies.
 */
export function providerFailure(identity: ProviderIdentity, facts: FailureFacts): ProviderError {
  const { statusCode, modelId, requestId, retryable, retryAfterMs, cause } = facts;
  const code = facts.code ?? codeOf(statusCode);
  const words = vendorWords(facts);
  const status = statusCode === undefined ? "" : ` (HTTP ${statusCode})`;
  const message = `${identity.title} ${problemOf(code, facts)}${status}${words === "" ? "" : `: ${words}`}`;
  return new ProviderError(code, message, {
    provider: identity.name,
    modelId,
    statusCode,
    requestId,
    hint: facts.hint ?? hintFor(code, identity, facts),
    cause: plainCause(cause, words),
    ...(retryable === undefined ? {} : { retryable }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const problems: Readonly<Record<ProviderCode, string>> = {
  PROVIDER_NOT_CONFIGURED: "is not configured",
  PROVIDER_AUTH: "refused the credentials",
  PROVIDER_RATE_LIMIT: "asked to slow down",
  PROVIDER_TIMEOUT: "did not answer in time",
  PROVIDER_UNAVAILABLE: "could not be reached",
  PROVIDER_BAD_REQUEST: "refused the request",
  PROVIDER_BAD_RESPONSE: "gave an answer that cannot be understood",
  PROVIDER_CONTENT_FILTER: "withheld the answer by its content filter",
  PROVIDER_CONTEXT_OVERFLOW: "says that the conversation is too long for the model",
};

/** A service that is out of reach, one that answers that it cannot, and one that stops in mid-answer are one code. */
function problemOf(code: ProviderCode, { statusCode, cutOff }: FailureFacts): string {
  if (code !== "PROVIDER_UNAVAILABLE") return problems[code];
  if (cutOff === true) return "broke off its answer";
  return statusCode === undefined ? problems[code] : "is not available";
}

function codeOf(status: number | undefined): ProviderCode {
  if (status === undefined || status >= 500 || status === 409 || status === 425) return "PROVIDER_UNAVAILABLE";
  if (status === 401 || status === 403) return "PROVIDER_AUTH";
  if (status === 408) return "PROVIDER_TIMEOUT";
  if (status === 429) return "PROVIDER_RATE_LIMIT";
  if (status === 413) return "PROVIDER_CONTEXT_OVERFLOW";
  return status >= 400 ? "PROVIDER_BAD_REQUEST" : "PROVIDER_BAD_RESPONSE";
}

function hintFor(
  code: ProviderCode,
  identity: ProviderIdentity,
  { statusCode, modelId, host, cutOff }: FailureFacts,
): string {
  const { keyVariables, credentialsHint, modelsHint } = identity;
  switch (code) {
    case "PROVIDER_AUTH":
    case "PROVIDER_NOT_CONFIGURED":
      return credentialsHint ?? `Check the key in ${keyVariables.join(" or ")}, and that it may use this model.`;
    case "PROVIDER_RATE_LIMIT":
      return "Wait and resume, or run fewer calls at once: `max_parallel`, or `concurrency` of the client.";
    case "PROVIDER_TIMEOUT":
      return "Resume to try again, or allow more time with `timeout` under `runtime`.";
    case "PROVIDER_UNAVAILABLE":
      if (statusCode !== undefined || cutOff === true)
        return "The trouble is on the other side. Resume the session to try again.";
      return `Check that ${host === undefined ? "the network works" : `a server answers at ${redact(host)}`}, then resume.`;
    case "PROVIDER_BAD_REQUEST":
      if (statusCode !== 404)
        return "Mend what it names: the model, the inference parameters or the tools of the agent.";
      return `Check the model id${modelId === undefined ? "" : ` \`${modelId}\``}. ${modelsHint}`;
    case "PROVIDER_BAD_RESPONSE":
      return "Check that `host` is the base URL of this kind of API and not of another, or of a proxy.";
    case "PROVIDER_CONTENT_FILTER":
      return "Change what the step asks, or the provider's filter settings, in a new run.";
    case "PROVIDER_CONTEXT_OVERFLOW":
      return "Shorten the prompts, pass less from step to step, or use a model with a larger context.";
  }
}

const maxWords = 300;
/** A shorter one is a stand-in such as `none`, for servers that want some key: taking it out would spoil other words. */
const secretLength = 8;
/** An echo shorter than this tells nobody what the prompt was. */
const echoLength = 24;

function vendorWords({ message, secrets = [], prompts = [] }: FailureFacts): string {
  let words = (message ?? "").replace(/\s+/g, " ").trim();
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= secretLength) words = words.replaceAll(secret, "[redacted]");
  }
  words = redact(words);
  if (words.length > maxWords) words = `${words.slice(0, maxWords)}…`;
  for (const prompt of prompts) if (echoes(words, prompt)) return "";
  return words;
}

function echoes(words: string, prompt: string): boolean {
  const plain = prompt.replace(/\s+/g, " ");
  for (let start = 0; start + echoLength <= words.length; start += 1) {
    if (plain.includes(words.slice(start, start + echoLength))) return true;
  }
  return false;
}

/** The name and code of the error underneath, without what hangs on it. */
function plainCause(cause: unknown, words: string): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  const plain = new Error(words);
  plain.name = cause.name;
  const { code } = cause as { code?: unknown };
  return typeof code === "string" ? Object.assign(plain, { code }) : plain;
}
