/**
 * The entries of a map whose order means something. JavaScript puts keys such as `1` first, so a spec may say the order
 * apart; keys it does not name follow.
 */
export function entriesInOrder<T>(
  map: Readonly<Record<string, T>>,
  order: readonly string[] = [],
): readonly (readonly [key: string, value: T])[] {
  const keys = new Set([...order.filter((key) => Object.hasOwn(map, key)), ...Object.keys(map)]);
  return Array.from(keys, (key) => [key, map[key] as T] as const);
}
