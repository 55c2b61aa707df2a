import type { ProviderError } from "@strands/core";
import { StrandsError } from "@strands/core";

const causeDepth = 8;

/** The error of ours that an SDK has wrapped, such as one of `guardedFetch`. */
export function ownFailure(error: unknown): ProviderError | undefined {
  let current = error;
  for (let depth = 0; depth < causeDepth && typeof current === "object" && current !== null; depth += 1) {
    if (StrandsError.isInstance(current) && current.code.startsWith("PROVIDER_")) return current as ProviderError;
    current = (current as { cause?: unknown }).cause;
  }
  return undefined;
}
