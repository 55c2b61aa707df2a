import { canonicalJson } from "../spec/canonical-json.js";
import { fromPointer, toPointer } from "../spec/check-pointer.js";
import { quoteValue } from "../spec/check-quote.js";
import type { JsonObject, JsonValue } from "../spec/json.js";
import type { Regex } from "../template/regex/compile-regex.js";
import { compileRegex } from "../template/regex/compile-regex.js";
import { isTooDeep } from "./json-answer.js";

/** One way in which a value does not fit its schema. */
export interface SchemaProblem {
  /** JSON pointer into the value, `""` for the whole. */
  readonly pointer: string;
  /** What is expected there. */
  readonly message: string;
}

/** More than these need not be said at once. */
const maxProblems = 8;
/** Schemas and values come from outside: a pair that asks for more work than this counts as unfit. */
const maxSteps = 1_000_000;
const maxDepth = 150;

/**
 * Checks a value against a JSON Schema (2020-12, and tuples of draft 7). Keywords that are not known, references out of the
 * schema and patterns that cannot be run in linear time are passed over.
 *
 * @returns the first problems found; none when the value fits
 */
export function schemaProblems(schema: JsonValue, value: JsonValue): readonly SchemaProblem[] {
  const found: SchemaProblem[] = [];
  try {
    if (isTooDeep(value)) throw tooMuch;
    new SchemaCheck(schema).check(schema, value, "", found);
  } catch (error) {
    if (error !== tooMuch) throw error;
    found.splice(0, found.length, { pointer: "", message: "expected less: it is too large or too deep to be checked" });
  }
  return found;
}

/** Problems on one line, as a model or a person is told about them. */
export function listProblems(problems: readonly SchemaProblem[]): string {
  return problems
    .map(({ pointer, message }) => `${pointer === "" ? "the value" : quoteValue(pointer)}: ${message}`)
    .join("; ");
}

const tooMuch = new Error("The check takes too long");

/** Says what is expected when a value breaks the rule of a keyword. Rules about other types than the value's hold. */
type Rule = (rule: JsonValue, value: JsonValue, place: Place) => string | undefined;

/** Where a rule stands, and what goes on below it. */
interface Place {
  readonly check: SchemaCheck;
  readonly schema: JsonObject;
  readonly pointer: string;
  readonly found: SchemaProblem[];
}

class SchemaCheck {
  readonly #root: JsonValue;
  readonly #patterns = new Map<string, Regex | undefined>();
  #steps = 0;
  #depth = 0;

  constructor(root: JsonValue) {
    this.#root = root;
  }

  check(schema: JsonValue | undefined, value: JsonValue, pointer: string, found: SchemaProblem[]): void {
    this.work(1);
    if (schema === false) add(found, pointer, "nothing here");
    if (!isObject(schema)) return;
    this.#depth += 1;
    if (this.#depth > maxDepth) throw tooMuch;
    const place: Place = { check: this, schema, pointer, found };
    for (const [keyword, rule] of Object.entries(schema)) {
      this.work(1);
      const expected = Object.hasOwn(rules, keyword) ? rules[keyword]?.(rule, value, place) : undefined;
      if (expected !== undefined) add(found, pointer, expected);
    }
    this.#depth -= 1;
  }

  /** What is wrong by a schema that need not hold. */
  trial(schema: JsonValue | undefined, value: JsonValue, pointer: string): readonly SchemaProblem[] {
    const found: SchemaProblem[] = [];
    this.check(schema, value, pointer, found);
    return found;
  }

  work(steps: number): void {
    this.#steps += steps;
    if (this.#steps > maxSteps) throw tooMuch;
  }

  matches(source: string, text: string): boolean {
    if (!this.#patterns.has(source))
      this.#patterns.set(
        source,
        readPattern(source, (steps) => this.work(steps / 16)),
      );
    this.work(text.length / 16);
    try {
      const regex = this.#patterns.get(source);
      return regex === undefined || regex.search(text) !== undefined;
    } catch {
      throw tooMuch;
    }
  }

  /** The schema a reference names; `undefined` when it is elsewhere. */
  resolve(reference: JsonValue): JsonValue | undefined {
    if (typeof reference !== "string" || !/^#(?:\/|$)/.test(reference)) return undefined;
    let target: JsonValue | undefined = this.#root;
    for (const part of fromPointer(unescaped(reference.slice(1)))) {
      target = typeof target === "object" && target !== null ? own(target as JsonObject, part) : undefined;
    }
    return target;
  }
}

function add(found: SchemaProblem[], pointer: string, expected: string): void {
  if (found.length < maxProblems) found.push({ pointer, message: `expected ${expected}` });
}

/** ECMA-262 as far as it differs from the syntax of our engine. */
function readPattern(source: string, onSteps: (steps: number) => void): Regex | undefined {
  const pattern = source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?<(?=[A-Za-z_])|\$/g, (part) =>
    part === "$" ? "\\Z" : part === "(?<" ? "(?P<" : part,
  );
  try {
    return compileRegex(pattern, { flags: "a", onSteps });
  } catch {
    return undefined;
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const number = (expected: string, holds: (value: number, rule: number) => boolean): Rule =>
  sized(expected, "", (value) => (typeof value === "number" ? value : undefined), holds);
const length = (expected: string, holds: (value: number, rule: number) => boolean): Rule =>
  sized(expected, " characters", (value) => (typeof value === "string" ? Array.from(value).length : undefined), holds);
const count = (expected: string, holds: (value: number, rule: number) => boolean): Rule =>
  sized(expected, " items", (value) => (Array.isArray(value) ? value.length : undefined), holds);
const members = (expected: string, holds: (value: number, rule: number) => boolean): Rule =>
  sized(expected, " properties", (value) => (isObject(value) ? Object.keys(value).length : undefined), holds);

function sized(
  expected: string,
  unit: string,
  sizeOf: (value: JsonValue) => number | undefined,
  holds: (size: number, rule: number) => boolean,
): Rule {
  return (rule, value) => {
    const size = typeof rule === "number" ? sizeOf(value) : undefined;
    return size === undefined || holds(size, rule as number) ? undefined : `${expected} ${rule}${unit}`;
  };
}

const atLeast = (value: number, rule: number): boolean => value >= rule;
const atMost = (value: number, rule: number): boolean => value <= rule;

const rules: Readonly<Record<string, Rule>> = {
  $ref: (rule, value, { check, pointer, found }) => void check.check(check.resolve(rule), value, pointer, found),
  type: (rule, value) => {
    const types = listOf(rule);
    const actual = typeOf(value);
    if (types.some((type) => type === actual || (type === "integer" && Number.isInteger(value)))) return undefined;
    return `${types.join(" or ")}, got ${actual}`;
  },
  enum: (rule, value, { check }) => {
    check.work(listOf(rule).length);
    return listOf(rule).some((item) => isEqual(item, value)) ? undefined : `one of ${shown(listOf(rule))}`;
  },
  const: (rule, value) => (isEqual(rule, value) ? undefined : shown([rule])),

  minimum: number("at least", atLeast),
  maximum: number("at most", atMost),
  exclusiveMinimum: number("more than", (value, rule) => value > rule),
  exclusiveMaximum: number("less than", (value, rule) => value < rule),
  multipleOf: number("a multiple of", (value, rule) => isWhole(value / rule)),
  minLength: length("at least", atLeast),
  maxLength: length("at most", atMost),
  pattern: (rule, value, { check }) => {
    if (typeof value !== "string" || typeof rule !== "string" || check.matches(rule, value)) return undefined;
    return `text that matches ${quoteValue(rule)}`;
  },

  minItems: count("at least", atLeast),
  maxItems: count("at most", atMost),
  uniqueItems: (rule, value, { check }) => {
    if (rule !== true || !Array.isArray(value)) return undefined;
    const texts = value.map((item) => canonicalJson(item));
    for (const text of texts) check.work(1 + text.length / 16);
    return new Set(texts).size === texts.length ? undefined : "items that are all different";
  },
  prefixItems: (rule, value, place) => checkItems(value, 0, listOf(rule), place),
  items: (rule, value, place) => {
    const { schema } = place;
    if (!Array.isArray(rule)) return checkItems(value, listOf(schema["prefixItems"] ?? []).length, rule, place);
    return (
      checkItems(value, 0, rule, place) ?? checkItems(value, rule.length, own(schema, "additionalItems") ?? true, place)
    );
  },

  minProperties: members("at least", atLeast),
  maxProperties: members("at most", atMost),
  required: (rule, value) => {
    const missing = isObject(value) ? listOf(rule).filter((name) => !Object.hasOwn(value, String(name))) : [];
    return missing.length === 0 ? undefined : `the ${properties(missing)}`;
  },
  dependentRequired: (rule, value, place) => {
    if (!isObject(value) || !isObject(rule)) return undefined;
    const needed = Object.entries(rule).flatMap(([name, more]) => (Object.hasOwn(value, name) ? listOf(more) : []));
    return rules["required"]?.(needed, value, place);
  },
  properties: (rule, value, place) => checkMembers(value, place, (name) => [own(rule, name)]),
  patternProperties: (rule, value, place) => checkMembers(value, place, (name) => byPattern(rule, name, place)),
  propertyNames: (rule, value, { check, pointer, found }) => {
    for (const name of isObject(value) ? Object.keys(value) : []) check.check(rule, name, pointer, found);
    return undefined;
  },
  additionalProperties: (rule, value, place) => {
    const { properties: named = {}, patternProperties = {} } = place.schema;
    const isMore = (name: string): boolean =>
      own(named, name) === undefined && byPattern(patternProperties, name, place).length === 0;
    if (rule !== false) return checkMembers(value, place, (name) => (isMore(name) ? [rule] : []));
    const more = isObject(value) ? Object.keys(value).filter(isMore) : [];
    if (more.length === 0) return undefined;
    const known = isObject(named) ? Object.keys(named) : [];
    return `no ${properties(more)}${known.length === 0 ? "" : `; known are ${list(known)}`}`;
  },

  allOf: (rule, value, { check, pointer, found }) => {
    for (const schema of listOf(rule)) check.check(schema, value, pointer, found);
    return undefined;
  },
  anyOf: (rule, value, place) => alternatives(listOf(rule), value, place).none,
  oneOf: (rule, value, place) => {
    const { none, fitting } = alternatives(listOf(rule), value, place);
    return none ?? (fitting === 1 ? undefined : "exactly one of the alternatives to hold, not several");
  },
  not: (rule, value, { check, pointer }) =>
    check.trial(rule, value, pointer).length > 0 ? undefined : "something else: the schema excludes this",
  if: (rule, value, { check, schema, pointer, found }) => {
    const branch = check.trial(rule, value, pointer).length === 0 ? "then" : "else";
    check.check(own(schema, branch), value, pointer, found);
    return undefined;
  },
};

/** Items from an index on: each against one schema, or each against its own. */
function checkItems(value: JsonValue, from: number, rule: JsonValue, { check, pointer, found }: Place): undefined {
  if (!Array.isArray(value)) return;
  const end = Array.isArray(rule) ? Math.min(rule.length, value.length) : value.length;
  for (let index = from; index < end; index += 1) {
    check.check(Array.isArray(rule) ? rule[index] : rule, value[index] as JsonValue, `${pointer}/${index}`, found);
  }
}

function checkMembers(
  value: JsonValue,
  { check, pointer, found }: Place,
  schemasOf: (name: string) => readonly (JsonValue | undefined)[],
): undefined {
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    for (const schema of schemasOf(name)) check.check(schema, member, pointer + toPointer([name]), found);
  }
}

function byPattern(patterns: JsonValue, name: string, { check }: Place): readonly JsonValue[] {
  if (!isObject(patterns)) return [];
  return Object.entries(patterns).flatMap(([pattern, schema]) => (check.matches(pattern, name) ? [schema] : []));
}

function alternatives(schemas: readonly JsonValue[], value: JsonValue, { check, pointer }: Place) {
  const tried = schemas.map((schema) => check.trial(schema, value, pointer));
  const fitting = tried.filter((problems) => problems.length === 0).length;
  const reasons = tried.slice(0, 4).map(([first]) => first?.message.replace(/^expected /, ""));
  return { fitting, none: fitting > 0 ? undefined : `one of ${tried.length} alternatives (${reasons.join(", or ")})` };
}

function properties(names: readonly JsonValue[]): string {
  return `${names.length === 1 ? "property" : "properties"} ${list(names)}`;
}

function list(names: readonly JsonValue[]): string {
  return names
    .slice(0, 10)
    .map((name) => quoteValue(name))
    .join(", ");
}

function shown(values: readonly JsonValue[]): string {
  return values
    .slice(0, 20)
    .map((value) => quoteValue(JSON.stringify(value)))
    .join(", ");
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isEqual(a: JsonValue, b: JsonValue): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && canonicalJson(a) === canonicalJson(b));
}

/** Decimal fractions are not exact in binary: `0.3` is a multiple of `0.1`. */
function isWhole(quotient: number): boolean {
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}

function listOf(rule: JsonValue): readonly JsonValue[] {
  return Array.isArray(rule) ? rule : [rule];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: JsonValue, name: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as JsonObject)[name]
    : undefined;
}
