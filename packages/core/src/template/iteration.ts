import { rangeItems } from "./operators.js";
import { runtimeFault } from "./template-fault.js";
import {
  codePointLength,
  codePoints,
  isMapping,
  mappingEntries,
  mappingSize,
  PyRange,
  sequenceItems,
  sequenceLength,
  typeName,
  Undefined,
  undefinedFault,
} from "./values.js";
import type { Work } from "./work.js";

/** The items a `for` over the value visits: elements, code points, or the keys of a map. */
export function iterate(value: unknown, work: Work): readonly unknown[] {
  const items = findItems(value, work);
  if (items === undefined) throw runtimeFault(`A ${typeName(value)} cannot be iterated`);
  return items;
}

/** Like {@link iterate}, but `undefined` for a value that has no items. */
export function findItems(value: unknown, work: Work): readonly unknown[] | undefined {
  const items = sequenceItems(value);
  if (items !== undefined) {
    work.step(1 + (items.length >> 4));
    return items;
  }
  if (typeof value === "string") {
    work.items(value.length);
    return codePoints(value);
  }
  if (value instanceof Undefined) {
    if (value.lenient) return [];
    throw undefinedFault(value);
  }
  if (value instanceof PyRange) return rangeItems(value, work);
  if (!isMapping(value)) return undefined;
  const entries = mappingEntries(value);
  work.items(entries.length);
  return entries.map(([key]) => key);
}

/** Python's `len(value)`. */
export function lengthOf(value: unknown): number {
  if (typeof value === "string") return codePointLength(value);
  const length = sequenceLength(value);
  if (length !== undefined) return length;
  if (value instanceof PyRange) return value.length;
  if (value instanceof Undefined && value.lenient) return 0;
  if (isMapping(value)) return mappingSize(value);
  throw runtimeFault(`A ${typeName(value)} has no length`);
}
