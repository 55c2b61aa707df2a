import { canonicalJson, type Spec, toPointer } from "@strands/core";

/** One place in which two workflows differ. */
export interface SpecChange {
  /** JSON pointer to the place. */
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
  else if (isNest(before) && isNest(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* changes(memberOf(before, key), memberOf(after, key), [...path, key]);
    }
  } else yield { pointer, change: "changed", before, after };
}

function isNest(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function memberOf(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
