/** Whether a value comes out of JSON as it went in: no `undefined`, no functions, instances, cycles or infinite numbers. */
export function isJson(value: unknown, around: Set<object>): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || around.has(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  around.add(value);
  const members: readonly unknown[] = Array.isArray(value) ? Array.from(value) : Object.values(value);
  const plain = members.every((member) => isJson(member, around));
  around.delete(value);
  return plain;
}
