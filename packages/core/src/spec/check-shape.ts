import type { SpecIssue } from "../error/errors.js";
import { toPointer } from "./check-pointer.js";
import { quoteValue } from "./check-quote.js";
import { configForm, type Form, specForm } from "./spec-form.js";

/** Says where a value is not shaped like a spec. Empty when the other checks may look at it. */
export function checkShape(spec: unknown): readonly SpecIssue[] {
  const issues: SpecIssue[] = [];
  look(spec, specForm, [], issues);
  if (issues.length > 0) return issues;
  const { type, config } = (spec as { readonly pattern: Readonly<Record<string, unknown>> }).pattern;
  look(config, configForm(type), ["pattern", "config"], issues);
  return issues;
}

function look(value: unknown, form: Form, path: readonly string[], issues: SpecIssue[]): void {
  if (!form.fits(value)) {
    issues.push(misshapen(value, form, path));
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const key of form.needs?.(value) ?? []) {
    if ((value as Readonly<Record<string, unknown>>)[key] !== undefined) continue;
    issues.push(misshapen(undefined, form.member?.(key) ?? form, [...path, key]));
  }
  for (const [key, member] of Object.entries(value)) {
    const expected = member === undefined ? undefined : form.member?.(key);
    if (expected !== undefined) look(member, expected, [...path, key], issues);
  }
}

function misshapen(value: unknown, { called }: Form, path: readonly string[]): SpecIssue {
  const subject = path.length === 0 ? "The spec" : `\`${path.join(".")}\``;
  const what = value === undefined ? "is missing" : `is ${quoteValue(value)}`;
  const message = `${subject} ${what}; it must be ${called}`;
  return { code: "shape", pointer: toPointer(path), severity: "error", message };
}
