import { describe, expect, it } from "vitest";
import { ProviderError, RunError, TemplateError } from "../error/errors.js";
import type { RetryPolicy } from "../program/program.js";
import { asksTooMuch, isRetryable, retryDelayMs } from "./retry.js";

const now = 1000;

describe("isRetryable", () => {
  const retryable: readonly (readonly [string, unknown])[] = [
    ["a rate limit", new ProviderError("PROVIDER_RATE_LIMIT", "slow down")],
    ["a provider time-out", new ProviderError("PROVIDER_TIMEOUT", "late")],
    ["a provider out of reach", new ProviderError("PROVIDER_UNAVAILABLE", "gone")],
    ["what an error of ours says of itself", new ProviderError("PROVIDER_BAD_RESPONSE", "odd", { retryable: true })],
    ["status 408", { status: 408 }],
    ["status 409", { status: 409 }],
    ["status 425", { status: 425 }],
    ["status 429", { status: 429 }],
    ["status 500", { status: 500 }],
    ["status 503 as statusCode", { statusCode: 503 }],
    ["status 529", { status: 529 }],
    ["an AbortSignal time-out", new DOMException("late", "TimeoutError")],
    ["a reset connection", Object.assign(new Error("x"), { code: "ECONNRESET" })],
    ["a refused connection below fetch", new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })],
    ["a socket error two causes down", { cause: { cause: { code: "UND_ERR_SOCKET" } } }],
  ];
  it.each(retryable)("says yes to %s", (_, error) => expect(isRetryable(error)).toBe(true));

  const circular: { cause?: unknown } = {};
  circular.cause = circular;
  const final: readonly (readonly [string, unknown])[] = [
    ["bad credentials", new ProviderError("PROVIDER_AUTH", "no")],
    ["a bad request", new ProviderError("PROVIDER_BAD_REQUEST", "no")],
    ["an overlong conversation", new ProviderError("PROVIDER_CONTEXT_OVERFLOW", "no")],
    ["a rate limit that says it is final", new ProviderError("PROVIDER_RATE_LIMIT", "quota", { retryable: false })],
    ["a template error", new TemplateError("TEMPLATE_UNDEFINED", "no")],
    ["a run error", new RunError("RUN_STEP_FAILED", "no")],
    ["status 400", { status: 400 }],
    ["status 401 over a reset connection", { status: 401, cause: { code: "ECONNRESET" } }],
    ["status 404", { statusCode: 404 }],
    ["a plain error", new Error("bug")],
    ["a type error", new TypeError("x is undefined")],
    ["an abort that is not ours", new DOMException("stop", "AbortError")],
    ["a code that is a number", { code: 429 }],
    ["a circle of causes", circular],
    ["a string", "ECONNRESET"],
    ["undefined", undefined],
    ["null", null],
  ];
  it.each(final)("says no to %s", (_, error) => expect(isRetryable(error)).toBe(false));
});

describe("retryDelayMs", () => {
  const policy = (more: Partial<RetryPolicy>): RetryPolicy => ({
    attempts: 5,
    backoff: "exponential",
    minMs: 1000,
    maxMs: 60_000,
    ...more,
  });
  const waits = (more: Partial<RetryPolicy>, attempts: number, random = 0.5): number[] =>
    Array.from({ length: attempts }, (_, index) =>
      retryDelayMs(policy(more), index + 1, new Error("x"), { now, random: () => random }),
    );

  it("doubles from one second within the limits when exponential", () => {
    expect(waits({}, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(waits({ minMs: 3000, maxMs: 6000 }, 5)).toEqual([3000, 3000, 4000, 6000, 6000]);
    expect(waits({ minMs: 0, maxMs: 0 }, 2)).toEqual([0, 0]);
  });

  it("stays finite however many attempts there have been", () => {
    expect(retryDelayMs(policy({}), 5000, new Error("x"), { now, random: () => 0 })).toBe(60_000);
  });

  it("waits the shortest time when constant", () => {
    expect(waits({ backoff: "constant", minMs: 250 }, 4)).toEqual([250, 250, 250, 250]);
  });

  it("stays between the shortest and the exponential wait when jittered", () => {
    const jittered = { backoff: "jittered", minMs: 500, maxMs: 3000 } as const;
    expect(waits(jittered, 4, 0)).toEqual([500, 500, 500, 500]);
    expect(waits(jittered, 4, 0.5)).toEqual([750, 1250, 1750, 1750]);
    expect(waits(jittered, 4, 1)).toEqual([1000, 2000, 3000, 3000]);
  });

  it("obeys the headers of an SDK's error, or of what caused it", () => {
    const headers = new Headers({ "retry-after": "Thu, 01 Jan 1970 00:02:00 GMT" });
    const failure = Object.assign(new Error("slow"), { status: 429, headers });
    for (const error of [failure, new Error("wrapped", { cause: failure })]) {
      expect(retryDelayMs(policy({}), 1, error, { now, random: () => 0 })).toBe(119_000);
      expect(asksTooMuch(policy({}), error, now)).toBe(false);
    }
    expect(asksTooMuch(policy({}), { status: 429, headers: { "Retry-After": "601" } }, now)).toBe(true);
    for (const odd of [null, "retry-after: 9", { get: "x" }, { "retry-after": Symbol("9") }, { get: () => 9 }, []]) {
      expect(retryDelayMs(policy({}), 1, { status: 429, headers: odd }, { now, random: () => 0 })).toBe(1000);
    }
  });

  it("obeys a longer Retry-After, beyond its own limit too, and not a shorter one", () => {
    const asks = (retryAfterMs: number): ProviderError =>
      new ProviderError("PROVIDER_RATE_LIMIT", "slow", { retryAfterMs });
    expect(retryDelayMs(policy({}), 1, asks(90_000), { now, random: () => 0 })).toBe(90_000);
    expect(retryDelayMs(policy({}), 3, asks(10), { now, random: () => 0 })).toBe(4000);
    expect(retryDelayMs(policy({ backoff: "constant" }), 1, asks(5000), { now, random: () => 0 })).toBe(5000);
  });
});

describe("asksTooMuch", () => {
  const policy: RetryPolicy = { attempts: 5, backoff: "exponential", minMs: 1000, maxMs: 60_000 };
  const asks = (retryAfterMs: number | undefined): ProviderError =>
    new ProviderError("PROVIDER_RATE_LIMIT", "slow", { retryAfterMs });

  it("allows waits of up to ten minutes", () => {
    expect(asksTooMuch(policy, asks(600_000), now)).toBe(false);
    expect(asksTooMuch(policy, asks(600_001), now)).toBe(true);
    expect(asksTooMuch(policy, asks(Number.POSITIVE_INFINITY), now)).toBe(true);
  });

  it("allows waits as long as the longest of the policy's own", () => {
    expect(asksTooMuch({ ...policy, maxMs: 3_600_000 }, asks(3_600_000), now)).toBe(false);
    expect(asksTooMuch({ ...policy, maxMs: 3_600_000 }, asks(3_600_001), now)).toBe(true);
  });

  it("says no when nothing is asked", () => {
    for (const error of [asks(undefined), asks(0), new Error("x"), undefined]) {
      expect(asksTooMuch(policy, error, now)).toBe(false);
    }
  });
});
