import { ordering } from "./operators.js";
import type { Work } from "./work.js";

/** A stable sort by key with Python's order; `reverse` keeps equal items in their order, as Python does. */
export function sortItems(
  items: readonly unknown[],
  keyOf: (item: unknown) => unknown,
  reverse: boolean,
  work: Work,
): unknown[] {
  work.items(items.length);
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = reverse ? -1 : 1;
  keyed.sort((a, b) => {
    work.step();
    return sign * ordering("<", a.key, b.key, work) || 0;
  });
  return keyed.map(({ item }) => item);
}
