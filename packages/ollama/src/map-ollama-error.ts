import type { ModelRequest, ProviderError } from "@strands/core";
import type { FailureFacts } from "@strands/provider-kit";
import { ownFailure, promptsOf, providerFailure, retryAfterMs } from "@strands/provider-kit";
import { OllamaFailure } from "./ollama-failure.js";
import { ollamaIdentity } from "./ollama-identity.js";

/** What is known about the call that failed. */
export interface FailedCall {
  readonly request?: ModelRequest;
  readonly modelId?: string;
  readonly host: string;
  readonly secrets: readonly string[];
}

/** The error for a call of Ollama that failed. */
export function mapOllamaError(error: unknown, { request, modelId, host, secrets }: FailedCall): ProviderError {
  const own = ownFailure(error);
  if (own !== undefined) return own;
  const known: FailureFacts = { modelId, host, secrets, prompts: request === undefined ? [] : promptsOf(request) };
  if (!(error instanceof OllamaFailure)) return unreachable(error, known, host);
  const { kind, message, status, headers } = error;
  if (kind === "unreadable")
    return providerFailure(ollamaIdentity, { ...known, code: "PROVIDER_BAD_RESPONSE", statusCode: status, message });
  if (kind === "cut_off") return providerFailure(ollamaIdentity, { ...known, message, hint: cutOffHint });
  return providerFailure(ollamaIdentity, {
    ...known,
    statusCode: status,
    message,
    retryAfterMs: retryAfterMs(headers, Date.now()),
    ...meaningOf(message, status, modelId),
  });
}

/** What must not be in any error: a header's value, and the key in it. */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.values(headers).flatMap((value) => [value, value.replace(/^\S+ /, "")]);
}

const cutOffHint = "Resume the session to try again. The log of `ollama serve` says why it stopped.";

/** What Ollama's own words tell beyond the status. */
function meaningOf(words: string, status: number | undefined, modelId: string | undefined): Partial<FailureFacts> {
  if (/context (?:length|window|size)|prompt (?:is )?too long/i.test(words))
    return { code: "PROVIDER_CONTEXT_OVERFLOW" };
  if (/not found/i.test(words) && /model/i.test(words)) {
    return {
      code: "PROVIDER_BAD_REQUEST",
      hint: `Fetch it on the host with \`ollama pull ${modelId ?? "<model>"}\`, or check the model id. ${ollamaIdentity.modelsHint}`,
    };
  }
  if (status === 404) {
    return {
      hint: "Check that `host` is the address of Ollama alone, such as http://localhost:11434, without `/api` or `/v1`.",
    };
  }
  if (status === 429 && /usage limit|quota/i.test(words)) {
    return {
      retryable: false,
      hint: "Wait until the limit is renewed, use a larger plan, or a model on a host of your own.",
    };
  }
  if (/does not support tools/i.test(words)) {
    return { code: "PROVIDER_BAD_REQUEST", hint: "Use a model that can call tools, or take the tools off the agent." };
  }
  if (/more system memory|out of memory/i.test(words)) {
    return { retryable: false, hint: "Use a smaller model, or free memory on the host." };
  }
  return {};
}

function unreachable(error: unknown, known: FailureFacts, host: string): ProviderError {
  const words = reasonOf(error);
  return providerFailure(ollamaIdentity, {
    ...known,
    message: words,
    cause: error,
    ...(words.includes("ECONNREFUSED")
      ? { hint: `Start it with \`ollama serve\`, or mend \`host\`: nothing listens at ${host}.` }
      : {}),
  });
}

/** `fetch` says only that it failed; what lies under it says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: { code?: unknown; message?: unknown } };
  const reason = cause?.code ?? cause?.message ?? message;
  return typeof reason === "string" ? reason : "";
}
