import { quoteValue } from "./check-quote.js";
import type { CheckReport, SpecPath } from "./check-report.js";
import { fieldChoices, type NumberRange, numberRanges } from "./field-limits.js";
import type { Spec } from "./spec.js";

/** Where mappings with limited fields stand, pauses aside; `*` is every entry. */
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

/** Numbers against their ranges and words against their choices, wherever only names and structure do not decide. */
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
    if (Object.hasOwn(numberRanges, key)) checkNumber(value, at, numberRanges[key] as NumberRange, report);
    if (Object.hasOwn(fieldChoices, key)) checkChoice(value, at, fieldChoices[key] as readonly string[], report);
  }
}

function checkNumber(value: unknown, path: SpecPath, range: NumberRange, report: CheckReport): void {
  const { min, whole = false, above = false, max = whole ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE } = range;
  const number = typeof value === "object" ? Number.NaN : Number(value);
  const nearest = Math.min(max, Math.max(min, whole ? Math.round(number) : number));
  const tooSmall = above && nearest === min;
  if (nearest === value && !tooSmall) return;
  const name = path.at(-1);
  const shown = `${typeof value === "string" ? "the text " : ""}${quoteValue(value)}`;
  const bounds = above ? `above ${min}` : range.max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  const message = `\`${name}\` is ${shown}; it must be a ${whole ? "whole " : ""}number ${bounds}`;
  const use = Number.isNaN(nearest) ? "a number" : tooSmall ? "a larger one" : `\`${nearest}\``;
  // The score is the one number that has no default.
  const otherwise = name === "min_score" ? "" : ", or leave it out for the default";
  report.error("range", path, message, `use ${use}${otherwise}`);
}

/** A word that must be one of a few. */
export function checkChoice(value: unknown, path: SpecPath, choices: readonly string[], report: CheckReport): boolean {
  const known = new Set<unknown>(choices);
  if (known.has(value)) return true;
  const suggestion = report.suggest("choice", String(value), new Set(choices), "use one that exists");
  report.error("enum", path, `\`${path.at(-1)}\` cannot be ${quoteValue(value)}`, suggestion);
  return false;
}
