/** Keys of the records that were made in an order which JavaScript does not keep: it puts keys such as `1` first. */
const orders = new WeakMap<object, readonly string[]>();

/** A record without a prototype, so that a key may have any name; templates walk it in the order of the entries. */
export function orderedRecord<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  let moved = false;
  for (const [key, value] of entries) {
    record[key] = value;
    moved ||= startsWithDigit(key);
  }
  if (moved) {
    orders.set(
      record,
      entries.map(([key]) => key),
    );
  }
  return record;
}

/** Only a key that is a number all through is moved; this is the cheap half of asking. */
function startsWithDigit(key: string): boolean {
  const code = key.charCodeAt(0);
  return code >= 48 && code <= 57;
}

/** The keys of a record in their order. */
export function keysOf(record: object): readonly string[] {
  return orders.get(record) ?? Object.keys(record);
}
