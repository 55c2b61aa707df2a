import { StrandsError } from "../error/strands-error.js";
import type { Random } from "../platform/ports.js";
import type { HeaderSource } from "../platform/retry-after.js";
import { retryAfterMs } from "../platform/retry-after.js";
import type { RetryPolicy } from "../program/program.js";

const retryableStatuses = new Set([408, 409, 425, 429]);
const retryableCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
]);
const causeDepth = 5;

/**
 * Whether a failed model call is worth another attempt: time-outs, dropped connections, HTTP 408, 409, 425, 429 and 5xx,
 * and whatever error of ours says so. Errors of SDKs are recognised by their `status`, `code` and `name`.
 */
export function isRetryable(error: unknown): boolean {
  if (StrandsError.isInstance(error)) return error.retryable;
  for (const link of causesOf(error)) {
    const { name, code } = link as { name?: unknown; code?: unknown };
    const status = statusOf(link);
    if (status !== undefined) return retryableStatuses.has(status) || status >= 500;
    if (name === "TimeoutError" || (typeof code === "string" && retryableCodes.has(code))) return true;
  }
  return false;
}

/** A run does not sleep longer than this because somebody asked, unless its own policy has longer waits. */
const longestAskedMs = 600_000;

/** Whether the other side asks for a longer wait than a run should sit through: then the step fails, and may be resumed. */
export function asksTooMuch(policy: RetryPolicy, error: unknown, now: number): boolean {
  return askedMs(error, now) > Math.max(policy.maxMs, longestAskedMs);
}

/**
 * Milliseconds to wait after a failed attempt. Exponential: 2^(n-1) seconds within the limits. Constant: the shortest wait.
 * Jittered: a random time between the shortest wait and the exponential one. A longer wait that the other side asked
 * for (`Retry-After`) wins, as long as it does not ask too much.
 *
 * @param attempt number of the attempt that failed, from 1
 */
export function retryDelayMs(
  policy: RetryPolicy,
  attempt: number,
  error: unknown,
  { now, random }: { readonly now: number; readonly random: Random },
): number {
  const exponential = Math.max(policy.minMs, Math.min(1000 * 2 ** Math.min(attempt - 1, 40), policy.maxMs));
  return Math.max(askedMs(error, now), backoffMs(policy, exponential, random));
}

/** Milliseconds the other side asks to wait; errors of SDKs have its headers. */
function askedMs(error: unknown, now: number): number {
  if (StrandsError.isInstance(error)) return error.retryAfterMs ?? 0;
  for (const link of causesOf(error)) {
    const { headers } = link as { headers?: unknown };
    if (typeof headers === "object" && headers !== null) return retryAfterMs(headers as HeaderSource, now) ?? 0;
  }
  return 0;
}

/** An error and what caused it. */
function* causesOf(error: unknown): Generator<object, void, undefined> {
  let current = error;
  for (let depth = 0; depth < causeDepth && typeof current === "object" && current !== null; depth += 1) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

function backoffMs(policy: RetryPolicy, exponential: number, random: Random): number {
  switch (policy.backoff) {
    case "constant":
      return policy.minMs;
    case "jittered":
      return Math.round(policy.minMs + random() * (exponential - policy.minMs));
    case "exponential":
      return exponential;
  }
}

function statusOf(error: object): number | undefined {
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  if (typeof status === "number") return status;
  return typeof statusCode === "number" ? statusCode : undefined;
}
