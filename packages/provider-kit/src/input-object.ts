import type { JsonObject, JsonValue } from "@strands/core";

/**
 * The input of an old tool call as vendors take it: an object. A model may have given anything else, such as text that was no
 * JSON, and its call still has to be told back to it.
 */
export function inputObject(input: JsonValue): JsonObject {
  return isObject(input) ? input : { input };
}

/** Whether a value is an object, and no list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
