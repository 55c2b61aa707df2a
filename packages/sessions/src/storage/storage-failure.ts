import { StrandsError } from "@strands/core";
import type { Explanation } from "./medium.js";

/**
 * An error of a client library as one of ours; ours stay what they are.
 * @param what for example: The session `one` could not be read
 */
export function storageFailure(what: string, error: unknown, explain: (error: unknown) => Explanation): StrandsError {
  if (StrandsError.isInstance(error)) return error;
  const { code, hint, cause } = explain(error);
  return new StrandsError("SESSION_STORAGE", `${what} (${code})`, {
    ...(cause === undefined ? {} : { cause }),
    hint: hint ?? "Look at the cause, and try again once the storage works.",
    details: { reason: code },
  });
}
