import type { JsonObject, JsonValue } from "@strands/core";

/** Maps of a pattern whose order means something, and the key that says it apart. */
const ordered = [
  ["nodes", "node_order"],
  ["routes", "route_order"],
] as const;

/** Says the order of nodes and routes where JavaScript does not keep it: it puts keys such as `1` first. */
export function keepOrder(data: JsonValue, reordered: ReadonlyMap<JsonValue, readonly string[]>): JsonValue {
  const pattern = mappingIn(data, "pattern");
  const config = mappingIn(pattern, "config");
  if (config === undefined || reordered.size === 0) return data;
  const orders = ordered.flatMap(([map, key]) => {
    const order = Object.hasOwn(config, map) ? reordered.get(config[map] as JsonValue) : undefined;
    return order === undefined || Object.hasOwn(config, key) ? [] : [[key, order] as const];
  });
  if (orders.length === 0) return data;
  return { ...(data as JsonObject), pattern: { ...pattern, config: { ...config, ...Object.fromEntries(orders) } } };
}

function mappingIn(value: JsonValue | undefined, key: string): JsonObject | undefined {
  if (!isMapping(value) || !Object.hasOwn(value, key)) return undefined;
  const inner = value[key];
  return isMapping(inner) ? inner : undefined;
}

function isMapping(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
