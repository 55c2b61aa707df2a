import type { JsonObject, JsonValue, SpecIssue } from "@strands/core";
import { nearest, quoteValue } from "@strands/core";
import { toCamelCase, toSnakeCase } from "./camel-case.js";
import type { Field, ShapeField } from "./field.js";
import type { SpecPath } from "./spec-path.js";
import { isPlainObject, problem } from "./spec-path.js";

/** Deepest nesting of lists and mappings, as of the loader. */
const maxDepth = 64;

/**
 * Turns options into data of the format: keys get their names of the file, everything is copied, and what cannot be kept is
 * an issue. What was given before stays: lists grow, mappings take new names, and a value that is there is given twice.
 */
export class OptionReader {
  readonly issues: SpecIssue[] = [];

  /** @returns the data, or what was there when nothing was given */
  read(field: Field, given: unknown, path: SpecPath, before?: JsonValue): JsonValue | undefined {
    if (given === undefined) return before;
    if (field.type === "either") return this.read(variantFor(given, field.of, before), given, path, before);
    if (field.type === "shape" && isPlainObject(given)) return this.#shape(field, given, path, before);
    if (field.type === "map" && isPlainObject(given)) return this.#map(field.of, given, path, before);
    if (field.type === "list" && Array.isArray(given)) return this.#list(field.of, given, path, before);
    if (before === undefined) return this.#copy(given, path);
    const key = quoteValue(toCamelCase(String(path.at(-1))));
    this.issues.push(problem("given_twice", path, `${key} is given twice`, "give it once"));
    return before;
  }

  #shape(field: ShapeField, given: Readonly<Record<string, unknown>>, path: SpecPath, before?: JsonValue): JsonObject {
    const data: Record<string, JsonValue> = { ...asObject(before) };
    for (const [option, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const key = toSnakeCase(option);
      const known = Object.hasOwn(field.fields, key) && toCamelCase(key) === option ? field.fields[key] : undefined;
      if (known === undefined) {
        this.issues.push(unknownOption(option, Object.keys(field.fields).map(toCamelCase), path));
        continue;
      }
      const read = this.read(known, value, [...path, key], data[key]);
      if (read !== undefined) data[key] = read;
    }
    return data;
  }

  #map(of: Field, given: Readonly<Record<string, unknown>>, path: SpecPath, before?: JsonValue): JsonObject {
    const data = new Map(Object.entries(asObject(before)));
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const at = [...path, name];
      if (data.has(name)) {
        this.issues.push(problem("duplicate_id", at, `${quoteValue(name)} is declared twice`, "use another name"));
      } else if (this.#isName(name, at)) {
        const read = this.read(of, value, at);
        if (read !== undefined) data.set(name, read);
      }
    }
    return Object.fromEntries(data);
  }

  #list(of: Field, given: readonly unknown[], path: SpecPath, before?: JsonValue): readonly JsonValue[] {
    const items: JsonValue[] = Array.isArray(before) ? [...before] : [];
    for (const item of given) items.push(this.read(of, item, [...path, items.length]) ?? null);
    return items;
  }

  /** Any JSON value; in place of what is none stands `null`, with an issue. */
  #copy(value: unknown, path: SpecPath): JsonValue {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if ((Array.isArray(value) || isPlainObject(value)) && path.length < maxDepth) {
      if (Array.isArray(value)) return Array.from(value, (item, index) => this.#copy(item, [...path, index]));
      const entries = Object.entries(value).filter(
        ([name, member]) => member !== undefined && this.#isName(name, [...path, name]),
      );
      return Object.fromEntries(entries.map(([name, member]) => [name, this.#copy(member, [...path, name])]));
    }
    const what = path.length < maxDepth ? "this is not plain data" : "this is nested too deep";
    const suggestion = "give strings, finite numbers, booleans, null, lists and plain objects";
    this.issues.push(problem("not_data", path, what, suggestion));
    return null;
  }

  #isName(name: string, path: SpecPath): boolean {
    if (name !== "__proto__") return true;
    this.issues.push(problem("forbidden_key", path, "`__proto__` cannot be a name", "use another name"));
    return false;
  }
}

function unknownOption(option: string, known: readonly string[], path: SpecPath): SpecIssue {
  const near = nearest(option, known);
  const suggestion =
    near === undefined
      ? `there are ${known.map((name) => quoteValue(name)).join(", ")}`
      : `did you mean ${quoteValue(near)}?`;
  return problem("unknown_key", [...path, option], `there is no option ${quoteValue(option)}`, suggestion);
}

/** The variant that was meant: of several shapes the first whose keys are there, else the one that knows most of them. */
function variantFor(given: unknown, variants: readonly Field[], before: JsonValue | undefined): Field {
  const anything: Field = { type: "json" };
  if (!isPlainObject(given)) return anything;
  const shapes = variants.filter((variant) => variant.type === "shape");
  const options = [...Object.keys(given), ...Object.keys(asObject(before)).map(toCamelCase)];
  const known = ({ fields }: ShapeField) =>
    options.filter((option) => Object.hasOwn(fields, toSnakeCase(option))).length;
  const whole = shapes.find(({ required }) => required.every((key) => options.includes(toCamelCase(key))));
  return (
    whole ??
    shapes.toSorted((a, b) => known(b) - known(a))[0] ??
    variants.find(({ type }) => type === "map") ??
    anything
  );
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isPlainObject(value) ? (value as JsonObject) : {};
}
