import { canonicalJson, type Spec, toPointer } from "@strands/core";

/** One place in which two workflows differ. */
export interface SpecChange {
  /** JSON pointer to the place: in the workflow after, and in the one before for what was removed. */
  readonly pointer: string;
  readonly change: "added" | "removed" | "changed";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What has to be done to one workflow to get the other, place by place. Empty when they mean the same. */
export function specChanges(before: Spec, after: Spec): readonly SpecChange[] {
  return [...changes(before, after, [])];
}

function* changes(before: unknown, after: unknown, path: readonly (string | number)[]): Generator<SpecChange> {
  if (canonicalJson(before) === canonicalJson(after)) return;
  const pointer = toPointer(path);
  if (before === undefined) yield { pointer, change: "added", after };
  else if (after === undefined) yield { pointer, change: "removed", before };
  else if (Array.isArray(before) && Array.isArray(after)) yield* listChanges(before, after, path);
  else if (isNest(before) && isNest(after) && !Array.isArray(before) && !Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* changes(memberOf(before, key), memberOf(after, key), [...path, key]);
    }
  } else yield { pointer, change: "changed", before, after };
}

/** A list in which an item was put or taken has that one change, however many items moved. */
function* listChanges(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly (string | number)[],
): Generator<SpecChange> {
  let from = 0;
  let to = 0;
  for (const [left, right] of [...sameItems(before, after), [before.length, after.length] as const]) {
    for (; from < left || to < right; from += 1, to += 1) {
      const place = [...path, to < right ? to : from];
      yield* changes(from < left ? before[from] : undefined, to < right ? after[to] : undefined, place);
    }
    from = left + 1;
    to = right + 1;
  }
}

/** The longest row of items that two lists have in the same order, as pairs of their places. */
function sameItems(before: readonly unknown[], after: readonly unknown[]): readonly (readonly [number, number])[] {
  const texts = [before, after].map((list) => list.map((item) => canonicalJson(item)));
  const [left = [], right = []] = texts;
  // Longest lists are compared place by place: they are data, and the table would be large.
  if (left.length * right.length > 250_000) return [];
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const isSame = left[row] === right[column];
      const length = isSame ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]?.fill(length, column, column + 1);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let row = 0, column = 0; row < left.length && column < right.length; ) {
    if (left[row] === right[column]) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

function isNest(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function memberOf(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
