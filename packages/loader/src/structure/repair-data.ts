import { type JsonValue, toPointer } from "@strands/core";
import type { Found } from "./explain-issue.js";

type Path = readonly (string | number)[];
type Mutable = Record<string | number, unknown>;

/** A copy of broken data with misspelt names put right, so that what stands behind them can be judged as well. */
export interface Repaired {
  readonly data: JsonValue;
  /** Places whose names were put right, as the file has them. */
  readonly places: readonly string[];
  /** A path of the copy as the file has it. */
  readonly original: (path: Path) => Path;
}

/** Applies every fix that the issues offer; `undefined` when they offer none. */
export function repairData(data: JsonValue, found: readonly Found[]): Repaired | undefined {
  const fixes = found.flatMap((issue) => (issue.fix === undefined ? [] : [{ path: issue.path, ...issue.fix }]));
  if (fixes.length === 0) return undefined;
  const copy = structuredClone(data);
  const renamed = new Map<string, string>();
  for (const { path, name, set } of fixes) {
    const container = containerOf(copy, path);
    const key = String(path.at(-1));
    if (container === undefined) continue;
    if (set !== undefined) container[key] = set;
    if (name === undefined) continue;
    rename(container, key, name);
    renamed.set(toPointer([...path.slice(0, -1), name]), key);
  }
  const original = (path: Path): Path => {
    const names: (string | number)[] = [];
    for (const [index, part] of path.entries()) names.push(renamed.get(toPointer(path.slice(0, index + 1))) ?? part);
    return names;
  };
  return { data: copy, places: fixes.map(({ path }) => toPointer(path)), original };
}

function containerOf(data: JsonValue, path: Path): Mutable | undefined {
  let value: unknown = data;
  for (const part of path.slice(0, -1)) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, part) ? (value as Mutable)[part] : undefined;
  }
  return typeof value === "object" && value !== null ? (value as Mutable) : undefined;
}

/** Renames a key and keeps the order of all. */
function rename(container: Mutable, from: string, to: string): void {
  const entries = Object.entries(container);
  for (const [key] of entries) delete container[key];
  for (const [key, value] of entries) container[key === from ? to : key] = value;
}
