/** A small generator of choices that depends on nothing but what it was made from. */
export interface SeededRandom {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** One of the items. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** `count` of the items, in their own order. */
  some<T>(items: readonly T[], count: number): T[];
}

/** Makes a generator whose choices are the same for the same parts, on every machine. */
export function createSeededRandom(parts: readonly (string | number)[]): SeededRandom {
  let state = hash(parts);
  const next = (): number => {
    // mulberry32: 32 bits of state, integer arithmetic only.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    some: (items, count) => {
      const left = items.map((item, index) => ({ item, index }));
      while (left.length > count) left.splice(below(left.length), 1);
      return left.map(({ item }) => item);
    },
  };
}

/** FNV-1a over the UTF-16 code units, with a mark between the parts. */
function hash(parts: readonly (string | number)[]): number {
  let value = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index += 1) {
      value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    }
    value = Math.imul(value ^ 0xffff, 0x01000193);
  }
  return value;
}
