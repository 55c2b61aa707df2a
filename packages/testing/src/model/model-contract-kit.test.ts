import { ProviderError } from "@strands/core";
import { expect, it } from "vitest";
import { failureOf } from "./model-contract-kit.js";

it("failureOf gives the error of a provider, and throws what else comes of the work", async () => {
  const error = new ProviderError("PROVIDER_AUTH", "No", { provider: "p" });
  expect(await failureOf(Promise.reject(error))).toBe(error);
  await expect(failureOf(Promise.reject(new TypeError("oops")))).rejects.toThrow("oops");
  await expect(failureOf(Promise.resolve("fine"))).rejects.toThrow("it succeeded: 'fine'");
});
