import { quoteValue } from "./check-quote.js";
import type { CheckReport, SpecPath } from "./check-report.js";
import { fieldChoices, type NumberRange, numberRanges } from "./field-limits.js";
import type { Spec } from "./spec.js";

/** Where mappings with limited fields stand; `*` is every entry. */
const places: readonly string[] = [
  "runtime",
  "runtime.budgets",
  "runtime.failure_policy",
  "runtime.timeout",
  "telemetry.otel",
  "context_policy.compaction",
  "context_policy.notes",
  "tools.http_executors.*",
  "agents.*.inference",
  "agents.*.timeout",
  "pattern.config",
  "pattern.config.router",
  "pattern.config.accept",
  "pattern.config.orchestrator.limits",
];

/** Numbers against their ranges and words against their choices, wherever they stand; a pause is looked at with its step. */
export function checkAllFields(spec: Spec, report: CheckReport): void {
  for (const place of places) visit(spec, place.split("."), [], report);
}

function visit(value: unknown, [key, ...rest]: readonly string[], path: SpecPath, report: CheckReport): void {
  if (typeof value !== "object" || value === null) return;
  if (key === undefined) {
    checkFields(value, path, report);
    return;
  }
  for (const [name, member] of Object.entries(value))
    if (key === "*" || key === name) visit(member, rest, [...path, name], report);
}

/** The limited fields of one mapping. */
export function checkFields(holder: object, path: SpecPath, report: CheckReport): void {
  for (const [key, value] of Object.entries(holder)) {
    if (value === undefined) continue;
    const at = [...path, key];
    const range = Object.hasOwn(numberRanges, key) ? numberRanges[key] : undefined;
    if (range !== undefined && !isWithin(value, range)) {
      const otherwise = key === "min_score" ? "" : ", or leave it out for the default";
      refuse("range", at, value, `use ${describeRange(range)}${otherwise}`, report);
    }
    if (Object.hasOwn(fieldChoices, key)) checkChoice(value, at, fieldChoices[key] ?? [], report);
  }
}

function isWithin(value: unknown, { min, max = Number.MAX_VALUE, whole, above }: NumberRange): boolean {
  if (typeof value !== "number" || !(value <= max)) return false;
  return (above ? value > min : value >= min) && (!whole || Number.isSafeInteger(value));
}

function describeRange({ min, max, whole, above }: NumberRange): string {
  const bounds = above ? `above ${min}` : max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  return `a ${whole ? "whole " : ""}number ${bounds}`;
}

/** A word that must be one of a few. */
export function checkChoice(value: unknown, path: SpecPath, choices: readonly string[], report: CheckReport): boolean {
  const known = new Set(choices);
  if (known.has(value as string)) return true;
  const suggestion = report.suggest(choices.join(), String(value), known, "use one that exists");
  refuse("enum", path, value, suggestion, report);
  return false;
}

function refuse(code: "range" | "enum", path: SpecPath, value: unknown, suggestion: string, report: CheckReport): void {
  const kind = code === "range" && typeof value === "string" ? "the text " : "";
  report.error(code, path, `\`${path.at(-1)}\` cannot be ${kind}${quoteValue(value)}`, suggestion);
}
