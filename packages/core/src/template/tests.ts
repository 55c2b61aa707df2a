import type { AccessContext } from "./access.js";
import { bindArguments, textArgument } from "./call-arguments.js";
import { findItems } from "./iteration.js";
import type { ComparisonOperator } from "./operators.js";
import { arithmetic, compare } from "./operators.js";
import { toText } from "./python-format.js";
import type { Regex } from "./regex/compile-regex.js";
import { isLower, isUpper } from "./string-case.js";
import { runtimeFault } from "./template-fault.js";
import type { CallArguments } from "./values.js";
import { Callable, isFloat, isInteger, isMapping, isTruthy, PyRange, PyTuple, Undefined } from "./values.js";

/** What filters and tests need from the render around them. */
export interface FilterContext extends AccessContext {
  /** Finds a filter by name. @throws TemplateFault when there is none */
  filter(name: string): TemplateFilter;
  /** Finds a test by name. @throws TemplateFault when there is none */
  test(name: string): TemplateTest;
  /** Compiles a regular expression once per render. */
  regex(pattern: string, flags: string): Regex;
}

/** A filter: `value | name(arguments)`. */
export type TemplateFilter = (value: unknown, call: CallArguments, context: FilterContext) => unknown;

/** A test: `value is name(arguments)`. */
export type TemplateTest = (value: unknown, call: CallArguments, context: FilterContext) => boolean;

function kind(name: string, check: (value: unknown) => boolean): TemplateTest {
  return (value, call) => {
    bindArguments(call, name, []);
    return check(value);
  };
}

function comparison(name: string, operator: ComparisonOperator): TemplateTest {
  return (value, call, { work }) => compare(operator, value, bindArguments(call, name, ["other"], 1)[0], work);
}

function remainder(value: unknown, divisor: unknown, context: FilterContext): unknown {
  return arithmetic("%", typeof value === "string" ? notANumber() : value, divisor, context.work);
}

function notANumber(): never {
  throw runtimeFault("This test needs a number, not text", "Convert it first, for example with `| int`.");
}

function regexTest(name: string, mode: "search" | "match"): TemplateTest {
  return (value, call, context) => {
    const [pattern, ignoreCase, multiline] = bindArguments(call, name, ["pattern", "ignorecase", "multiline"], 1);
    const flags = `${isTruthy(ignoreCase ?? false) ? "i" : ""}${isTruthy(multiline ?? false) ? "m" : ""}`;
    return context.regex(textArgument(pattern, name), flags)[mode](textArgument(value, name)) !== undefined;
  };
}

function isSequence(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value) || value instanceof PyTuple || value instanceof PyRange)
    return true;
  return isMapping(value) || (value instanceof Undefined && value.lenient);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a instanceof Undefined && b instanceof Undefined && a.message === b.message);
}

const byOperator: Readonly<Record<string, ComparisonOperator>> = {
  "==": "==",
  eq: "==",
  equalto: "==",
  "!=": "!=",
  ne: "!=",
  "<": "<",
  lt: "<",
  lessthan: "<",
  "<=": "<=",
  le: "<=",
  ">": ">",
  gt: ">",
  greaterthan: ">",
  ">=": ">=",
  ge: ">=",
  in: "in",
};

/** Every test, by name. */
export const tests: Readonly<Record<string, TemplateTest>> = Object.freeze({
  __proto__: null as never,
  ...Object.fromEntries(Object.entries(byOperator).map(([name, operator]) => [name, comparison(name, operator)])),
  defined: kind("defined", (value) => !(value instanceof Undefined)),
  undefined: kind("undefined", (value) => value instanceof Undefined),
  none: kind("none", (value) => value === null),
  boolean: kind("boolean", (value) => typeof value === "boolean"),
  true: kind("true", (value) => value === true),
  false: kind("false", (value) => value === false),
  integer: kind("integer", isInteger),
  float: kind("float", isFloat),
  number: kind("number", (value) => isInteger(value) || isFloat(value) || typeof value === "boolean"),
  string: kind("string", (value) => typeof value === "string"),
  mapping: kind("mapping", isMapping),
  sequence: kind("sequence", isSequence),
  iterable: (value, call, { work }) => {
    bindArguments(call, "iterable", []);
    return typeof value === "string" || Array.isArray(value) || findItems(value, work) !== undefined;
  },
  callable: kind("callable", (value) => value instanceof Callable || value instanceof Undefined),
  escaped: kind("escaped", () => false),
  sameas: (value, call) => isSame(value, bindArguments(call, "sameas", ["other"], 1)[0]),
  lower: (value, call, { work }) => {
    bindArguments(call, "lower", []);
    return isLower(toText(value, work));
  },
  upper: (value, call, { work }) => {
    bindArguments(call, "upper", []);
    return isUpper(toText(value, work));
  },
  odd: (value, call, context) => {
    bindArguments(call, "odd", []);
    return compare("==", remainder(value, 2, context), 1, context.work);
  },
  even: (value, call, context) => {
    bindArguments(call, "even", []);
    return compare("==", remainder(value, 2, context), 0, context.work);
  },
  divisibleby: (value, call, context) =>
    compare("==", remainder(value, bindArguments(call, "divisibleby", ["num"], 1)[0], context), 0, context.work),
  filter: (value, call, context) => {
    bindArguments(call, "filter", []);
    return hasEntry(textArgument(value, "filter"), (name) => context.filter(name));
  },
  test: (value, call, context) => {
    bindArguments(call, "test", []);
    return hasEntry(textArgument(value, "test"), (name) => context.test(name));
  },
  search: regexTest("search", "search"),
  match: regexTest("match", "match"),
});

function hasEntry(name: string, find: (name: string) => unknown): boolean {
  try {
    find(name);
    return true;
  } catch {
    return false;
  }
}
