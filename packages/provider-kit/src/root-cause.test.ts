import { ProviderError } from "@strands/core";
import { describe, expect, it } from "vitest";
import { rootCause } from "./root-cause.js";

describe("rootCause", () => {
  it("goes down to the last cause", () => {
    const last = new Error("last");
    expect(rootCause(new Error("a", { cause: new Error("b", { cause: last }) }))).toBe(last);
    expect(rootCause("text")).toBe("text");
    expect(rootCause(undefined)).toBeUndefined();
  });

  it("stops at an error of ours", () => {
    const ours = new ProviderError("PROVIDER_TIMEOUT", "ours", { cause: new Error("below") });
    expect(rootCause(new Error("a", { cause: ours }))).toBe(ours);
  });

  it("ends in a circle of causes", () => {
    const one = new Error("one");
    const two = new Error("two", { cause: one });
    one.cause = two;
    expect([one, two]).toContain(rootCause(one));
  });
});
