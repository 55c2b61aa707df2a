import { StrandsError } from "@strands/core";

const maxDepth = 10;

/** The error at the bottom of those that SDKs and `fetch` wrap around it, or one of ours on the way there. */
export function rootCause(error: unknown): unknown {
  let current = error;
  for (let depth = 0; depth < maxDepth && !StrandsError.isInstance(current); depth += 1) {
    const { cause } = (current ?? {}) as { cause?: unknown };
    if (cause === undefined || cause === null) break;
    current = cause;
  }
  return current;
}
