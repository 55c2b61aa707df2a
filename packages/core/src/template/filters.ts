import { bindArguments, intArgument, textArgument } from "./call-arguments.js";
import { parseFloatValue, parseInteger } from "./conversions.js";
import { iterate, lengthOf } from "./iteration.js";
import { listFilters } from "./list-filters.js";
import { roundHalfEven } from "./number-format.js";
import { negate } from "./operators.js";
import { toJson, toText } from "./python-format.js";
import { capitalize, titleCase } from "./string-case.js";
import { percentFormat } from "./string-format.js";
import { replaceText, splitLines, stringMethods, strip } from "./string-methods.js";
import { runtimeFault } from "./template-fault.js";
import type { FilterContext, TemplateFilter } from "./tests.js";
import type { CallArguments } from "./values.js";
import {
  codePointLength,
  codePointSlice,
  codePoints,
  isFloat,
  isMapping,
  isTruthy,
  makeFloat,
  mappingEntries,
  numberOf,
  PyDict,
  PyTuple,
  typeName,
  Undefined,
  undefinedFault,
} from "./values.js";

function onText(name: string, change: (text: string) => unknown): TemplateFilter {
  return (value, call, { work }) => {
    bindArguments(call, name, []);
    return change(toText(value, work));
  };
}

/** The reference's hard cut: text longer than `length` becomes its first `length - 3` characters and three dots. */
function truncate(value: unknown, call: CallArguments): string {
  const [limit] = bindArguments(call, "truncate", ["length"]);
  const text = textArgument(value, "truncate");
  const length = truncateLength(limit);
  if (text.length <= length) return text;
  const count = codePointLength(text);
  if (count <= length) return text;
  const keep = length - 3;
  return `${codePointSlice(text, 0, keep < 0 ? Math.max(0, count + keep) : keep)}...`;
}

function truncateLength(limit: unknown): number {
  if (isFloat(limit)) throw runtimeFault("`truncate` needs a whole number");
  return intArgument(limit, "truncate", 100);
}

function tojson(value: unknown, call: CallArguments, { work }: FilterContext): string {
  const [indent] = bindArguments(call, "tojson", ["indent"]);
  const width = indent === undefined || indent === null ? undefined : intArgument(indent, "tojson");
  if (width !== undefined && (width < 0 || width > 16)) throw runtimeFault("`tojson` indents by 0 to 16 spaces");
  return toJson(value, work, width === undefined ? undefined : " ".repeat(width));
}

function regexSearch(value: unknown, call: CallArguments, context: FilterContext): string {
  const [pattern] = bindArguments(call, "regex_search", ["pattern"], 1);
  const found = context.regex(textArgument(pattern, "regex_search"), "i").search(textArgument(value, "regex_search"));
  return found?.groups[0] ?? "";
}

function search(value: unknown, call: CallArguments, context: FilterContext): boolean {
  const [pattern] = bindArguments(call, "search", ["pattern"], 1);
  const source = textArgument(pattern, "search");
  return context.regex(source, "").search(toText(value, context.work)) !== undefined;
}

function usual(value: unknown, call: CallArguments, { lenient }: FilterContext): unknown {
  const [fallback, boolean] = bindArguments(call, "default", ["default_value", "boolean"]);
  const replacement = fallback === undefined ? "" : fallback;
  // In a condition only null is replaced: files written for the reference rely on it.
  if (lenient) return value === null ? replacement : value;
  if (value instanceof Undefined) return replacement;
  if (replacement instanceof Undefined) throw undefinedFault(replacement);
  return boolean !== undefined && isTruthy(boolean) && !isTruthy(value) ? replacement : value;
}

function length(value: unknown, call: CallArguments): number {
  bindArguments(call, "length", []);
  return lengthOf(value);
}

function toInt(value: unknown, call: CallArguments, { work }: FilterContext): unknown {
  const [fallback, base] = bindArguments(call, "int", ["default", "base"]);
  // The digits of another base take their square in time.
  if (typeof value === "string") work.step(value.length);
  const found = parseInteger(value, intArgument(base, "int", 10));
  if (found !== undefined) return found;
  const float = numberOf(parseFloatValue(value));
  if (float !== undefined && Number.isFinite(float)) return parseInteger(makeFloat(Math.trunc(float)));
  return fallback === undefined ? 0 : fallback;
}

function toFloat(value: unknown, call: CallArguments): unknown {
  const [fallback] = bindArguments(call, "float", ["default"]);
  return parseFloatValue(value) ?? (fallback === undefined ? makeFloat(0) : fallback);
}

function round(value: unknown, call: CallArguments): unknown {
  const [precision, methodValue] = bindArguments(call, "round", ["precision", "method"]);
  const digits = intArgument(precision, "round", 0);
  const method = methodValue === undefined ? "common" : textArgument(methodValue, "round");
  const number = numberOf(value);
  if (number === undefined) throw runtimeFault(`\`round\` needs a number, not a ${typeName(value)}`);
  if (Math.abs(digits) > 300) throw runtimeFault("`round` has too many digits");
  if (method === "common") {
    if (isFloat(value)) return makeFloat(roundHalfEven(number, digits));
    return digits >= 0 ? (typeof value === "boolean" ? number : value) : Math.round(roundHalfEven(number, digits));
  }
  if (method !== "ceil" && method !== "floor") throw runtimeFault("`round` knows the methods common, ceil and floor");
  const unit = 10 ** digits;
  // An integer on its way, so that no zero is negative.
  return makeFloat((Math[method](number * unit) + 0) / unit);
}

function absolute(value: unknown, call: CallArguments): unknown {
  bindArguments(call, "abs", []);
  const number = numberOf(value);
  if (number === undefined) throw runtimeFault(`\`abs\` needs a number, not a ${typeName(value)}`);
  return number < 0 || Object.is(number, -0) ? negate(value) : typeof value === "boolean" ? number : value;
}

function indent(value: unknown, call: CallArguments, { work }: FilterContext): string {
  const [width, first, blank] = bindArguments(call, "indent", ["width", "first", "blank"]);
  const columns = typeof width === "string" ? width.length : Math.max(0, intArgument(width, "indent", 4));
  const text = textArgument(value, "indent");
  const lines = splitLines(`${text}\n`);
  work.text(text.length + lines.length * columns);
  const margin = typeof width === "string" ? width : " ".repeat(columns);
  const body = lines
    .map((line, index) => (index > 0 && (line !== "" || isTruthy(blank ?? false)) ? margin + line : line))
    .join("\n");
  return isTruthy(first ?? false) ? margin + body : body;
}

function replace(value: unknown, call: CallArguments, { work }: FilterContext): string {
  const [old, replacement, count] = bindArguments(call, "replace", ["old", "new", "count"], 2);
  const times = count === null ? -1 : intArgument(count, "replace", -1);
  return replaceText(toText(value, work), toText(old, work), toText(replacement, work), times, work);
}

function trim(value: unknown, call: CallArguments, { work }: FilterContext): string {
  const [chars] = bindArguments(call, "trim", ["chars"]);
  const text = toText(value, work);
  return strip(text, chars === undefined || chars === null ? undefined : textArgument(chars, "trim"));
}

function reverse(value: unknown, call: CallArguments, { work }: FilterContext): unknown {
  bindArguments(call, "reverse", []);
  if (typeof value !== "string") return [...iterate(value, work)].reverse();
  return [...codePoints(value)].reverse().join("");
}

function items(value: unknown, call: CallArguments, { work }: FilterContext): unknown[] {
  bindArguments(call, "items", []);
  if (value instanceof Undefined) return [];
  if (!isMapping(value)) throw runtimeFault(`\`items\` needs a map, not a ${typeName(value)}`);
  const entries = mappingEntries(value);
  work.items(entries.length);
  return entries.map((entry) => new PyTuple(entry));
}

function format(value: unknown, call: CallArguments, { work }: FilterContext): string {
  if (call.kwargs === undefined) return percentFormat(toText(value, work), new PyTuple(call.args), work);
  if (call.args.length > 0) throw runtimeFault("`format` takes positional or named values, not both");
  const named = new PyDict();
  for (const [name, item] of call.kwargs) named.set(name, item);
  return percentFormat(toText(value, work), named, work);
}

function center(value: unknown, call: CallArguments, context: FilterContext): unknown {
  const [width] = bindArguments(call, "center", ["width"]);
  return stringMethods["center"]?.(toText(value, context.work), { args: [width ?? 80], kwargs: undefined }, context);
}

function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
}

/** Every filter, by name. */
export const filters: Readonly<Record<string, TemplateFilter>> = Object.freeze({
  __proto__: null as never,
  ...listFilters,
  truncate,
  tojson,
  title: onText("title", titleCase),
  regex_search: regexSearch,
  search,
  default: usual,
  d: usual,
  length,
  count: length,
  upper: onText("upper", (text) => text.toUpperCase()),
  lower: onText("lower", (text) => text.toLowerCase()),
  capitalize: onText("capitalize", capitalize),
  string: onText("string", (text) => text),
  safe: onText("safe", (text) => text),
  wordcount: onText("wordcount", wordCount),
  replace,
  trim,
  int: toInt,
  float: toFloat,
  round,
  abs: absolute,
  indent,
  reverse,
  items,
  format,
  center,
});
