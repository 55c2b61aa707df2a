import type { JsonObject, JsonValue } from "@strands/core";

/**
 * The input of an old tool call as vendors take it: an object. A model may have given anything else, such as text that was no
 * JSON, and its call still has to be told back to it.
 */
export function inputObject(input: JsonValue): JsonObject {
  // The check for arrays does not tell the compiler about readonly ones.
  return typeof input === "object" && input !== null && !Array.isArray(input) ? (input as JsonObject) : { input };
}
