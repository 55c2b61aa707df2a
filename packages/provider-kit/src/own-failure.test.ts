import { ProviderError, RunError } from "@strands/core";
import { expect, it } from "vitest";
import { ownFailure } from "./own-failure.js";

it("finds our error below those of an SDK", () => {
  const ours = new ProviderError("PROVIDER_BAD_RESPONSE", "x");
  expect(ownFailure(ours)).toBe(ours);
  expect(ownFailure(new Error("sdk", { cause: new TypeError("fetch", { cause: ours }) }))).toBe(ours);
});

it("finds nothing where there is none", () => {
  const circular = new Error("x");
  circular.cause = circular;
  for (const error of [undefined, null, "x", circular, new RunError("RUN_STEP_FAILED", "x"), new Error("x")]) {
    expect(ownFailure(error)).toBe(undefined);
  }
});
