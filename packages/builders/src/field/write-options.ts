import type { JsonObject, JsonValue } from "@strands/core";
import { toCamelCase } from "./camel-case.js";
import { checkData } from "./check-data.js";
import type { Field } from "./field.js";
import { isPlainObject } from "./spec-path.js";

/** Data of the format as the options that stand for it: keys in camelCase, names that users chose as they are. */
export function toOptions(field: Field, value: JsonValue): JsonValue {
  switch (field.type) {
    case "either": {
      const variant = field.of.find((candidate) => checkData(candidate, value).length === 0);
      return variant === undefined ? value : toOptions(variant, value);
    }
    case "list":
      return Array.isArray(value) ? (value as readonly JsonValue[]).map((item) => toOptions(field.of, item)) : value;
    case "map":
      return isPlainObject(value) ? mapEntries(value, (name, member) => [name, toOptions(field.of, member)]) : value;
    case "shape":
      return isPlainObject(value)
        ? mapEntries(value, (key, member) => [
            toCamelCase(key),
            toOptions(field.fields[key] ?? { type: "json" }, member),
          ])
        : value;
    default:
      return value;
  }
}

function mapEntries(
  value: Readonly<Record<string, unknown>>,
  change: (key: string, member: JsonValue) => readonly [string, JsonValue],
): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => change(key, member as JsonValue)));
}
