import type { JsonObject, JsonValue } from "@strands/core";
import { isObject } from "@strands/provider-kit";

/** What the strict mode of structured outputs understands; a schema with anything else is refused there. */
const keywords = new Set(
  `type properties required additionalProperties items enum const anyOf $ref $defs definitions title description
  pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems`.split(/\s+/),
);
const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const maxDepth = 10;

/**
 * Whether a schema keeps the rules of strict structured outputs: an object at the root; every object closed with
 * `additionalProperties: false` and all its properties required; no keyword outside of the supported ones.
 */
export function fitsStrictSchema(schema: JsonObject): boolean {
  return schema["type"] === "object" && schema["anyOf"] === undefined && fits(schema, 1);
}

function fits(schema: JsonValue | undefined, depth: number): boolean {
  if (!isObject(schema) || depth > maxDepth) return false;
  if (!Object.keys(schema).every((key) => keywords.has(key))) return false;
  const { type, format, properties = {}, required, items, anyOf, $defs = {}, definitions = {} } = schema;
  if (format !== undefined && !formats.has(format as string)) return false;
  if (isTypeOrIncludes(type, "object")) {
    if (schema["additionalProperties"] !== false || !isObject(properties)) return false;
    const named = new Set(Array.isArray(required) ? required : []);
    if (!Object.keys(properties).every((key) => named.has(key))) return false;
  } else if (schema["properties"] !== undefined) return false;
  if (isTypeOrIncludes(type, "array") && items === undefined) return false;
  if (anyOf !== undefined && !Array.isArray(anyOf)) return false;
  const inner = [...valuesOf(properties), ...valuesOf($defs), ...valuesOf(definitions), ...(anyOf ?? [])];
  if (items !== undefined) inner.push(items);
  return inner.every((part) => fits(part, depth + 1));
}

function isTypeOrIncludes(type: JsonValue | undefined, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

function valuesOf(value: JsonValue): readonly JsonValue[] {
  return isObject(value) ? Object.values(value) : [];
}
