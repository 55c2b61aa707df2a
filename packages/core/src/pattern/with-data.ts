import type { JsonValue } from "../spec/json.js";

const noData: PropertyDescriptor = { value: null, enumerable: false };

/**
 * Adds to a record what was answered, as data. Null, for an agent without an output schema, can be read but is not listed:
 * a template that prints a whole record prints what it always did.
 */
export function withData<T extends object, D extends JsonValue>(record: T, data: D): T & { readonly data: D } {
  const descriptor = data === null ? noData : { value: data, enumerable: true };
  return Object.defineProperty(record, "data", descriptor) as T & { readonly data: D };
}
