/** Keys of the records that were made in an order which JavaScript does not keep: it puts keys such as `1` first. */
const orders = new WeakMap<object, readonly string[]>();

/** A record without a prototype, so that a key may have any name; templates walk it in the order of the entries. */
export function orderedRecord<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  const keys = entries.map(([key]) => key);
  if (Object.keys(record).some((key, index) => key !== keys[index])) orders.set(record, keys);
  return record;
}

/** The keys of a record in their order. */
export function keysOf(record: object): readonly string[] {
  return orders.get(record) ?? Object.keys(record);
}
