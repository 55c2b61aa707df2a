import type { JsonObject, JsonValue } from "@strands/core";

/**
 * The input of an old tool call, for providers that take nothing but objects. What the model once wrote is no object when it was
 * no valid JSON; it goes back under the name `input`, so that the model sees its own mistake.
 */
export function toolInputObject(input: JsonValue): JsonObject {
  return typeof input === "object" && input !== null && !Array.isArray(input) ? (input as JsonObject) : { input };
}
