import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endsWithin } from "./ends-within.js";

describe("endsWithin", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is true when the end comes in time, even as a failure, and leaves no timer", async () => {
    expect(await endsWithin(100, Promise.resolve())).toBe(true);
    expect(await endsWithin(100, Promise.reject(new Error("cut off")))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is false when it does not", async () => {
    const late = endsWithin(100, new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(100);
    expect(await late).toBe(false);
  });
});
