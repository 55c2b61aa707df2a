/** Deeper than any record may be: what goes through values level by level would run out of stack. */
const maxDepth = 500;

/** Whether a value comes out of JSON as it went in: no `undefined`, no functions, instances, cycles or infinite numbers. */
export function isJson(value: unknown): boolean {
  return unplainPart(value) === undefined;
}

/**
 * The path to the first part of a value that JSON would lose or change.
 *
 * @param absent whether members of objects may be `undefined`: they are as good as not there
 */
export function unplainPart(
  value: unknown,
  absent = false,
  around: Set<object> = new Set(),
): readonly string[] | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : [];
  if (typeof value !== "object" || around.has(value) || around.size > maxDepth) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  const isList = Array.isArray(value);
  if (!isList && prototype !== Object.prototype && prototype !== null) return [];
  around.add(value);
  // A list may have holes, which only iterating shows.
  for (const [key, member] of isList ? value.entries() : Object.entries(value)) {
    if (absent && !isList && member === undefined) continue;
    const path = unplainPart(member, absent, around);
    if (path !== undefined) return [String(key), ...path];
  }
  around.delete(value);
  return undefined;
}
