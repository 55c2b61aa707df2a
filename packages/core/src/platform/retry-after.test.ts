import { describe, expect, it } from "vitest";
import { header, retryAfterMs } from "./retry-after.js";

const now = Date.parse("2026-11-22T10:00:00Z");

describe("retryAfterMs", () => {
  it.each([
    ["seconds", { "retry-after": "7" }, 7000],
    ["parts of seconds", { "Retry-After": "0.5" }, 500],
    ["zero", { "retry-after": "0" }, 0],
    ["a date", { "retry-after": "Sun, 22 Nov 2026 10:01:00 GMT" }, 60_000],
    ["a date that has passed", { "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT" }, 0],
    ["milliseconds, which are more exact", { "retry-after": "7", "retry-after-ms": "120" }, 120],
    ["nonsense", { "retry-after": "soon" }, undefined],
    ["nothing", {}, undefined],
    ["no headers", undefined, undefined],
  ] as const)("reads %s", (_, headers, expected) => expect(retryAfterMs(headers, now)).toBe(expected));

  it("reads Headers", () => expect(retryAfterMs(new Headers({ "Retry-After": "2" }), now)).toBe(2000));
});

describe("header", () => {
  it("finds a header in any spelling", () => {
    expect(header({ "X-Request-Id": "r" }, "x-request-id")).toBe("r");
    expect(header(new Headers({ "X-Request-Id": "r" }), "x-request-id")).toBe("r");
    expect(header({}, "x-request-id")).toBe(undefined);
    expect(header(new Headers(), "x-request-id")).toBe(undefined);
  });
});
