import type { SpecIssue } from "@strands/core";
import { toPointer } from "@strands/core";

/** Where something stands in the spec: keys and indexes from the top. */
export type SpecPath = readonly (string | number)[];

/** An error at a place of the spec. */
export function problem(code: string, path: SpecPath, message: string, suggestion?: string): SpecIssue {
  const issue: SpecIssue = { code, pointer: toPointer(path), severity: "error", message };
  return suggestion === undefined ? issue : { ...issue, suggestion };
}

/** Whether a value is an object written out as such: no list, no class instance. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
