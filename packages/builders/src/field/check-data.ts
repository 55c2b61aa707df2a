import type { JsonValue, SpecIssue } from "@strands/core";
import { nearest, quoteValue } from "@strands/core";
import { toCamelCase } from "./camel-case.js";
import type { Field, ShapeField } from "./field.js";
import type { SpecPath } from "./spec-path.js";
import { isPlainObject, problem } from "./spec-path.js";

/** Judges the shape of a spec: types, ranges, characters, and what must be there. The loader judges files likewise. */
export function checkData(field: Field, value: JsonValue, path: SpecPath = []): readonly SpecIssue[] {
  switch (field.type) {
    case "json":
      return checkNames(value, path);
    case "flag":
      return typeof value === "boolean" ? [] : [wrong(path, "must be `true` or `false`")];
    case "text":
      return checkText(field, value, path);
    case "number":
      return checkNumber(field, value, path);
    case "choice":
      return checkChoice(field.of, value, path);
    case "list":
      return Array.isArray(value) ? checkList(field, value, path) : [wrong(path, "must be a list")];
    case "map":
      if (!isPlainObject(value)) return [wrong(path, "must be an object")];
      return Object.entries(value).flatMap(([name, member]) =>
        name === "__proto__" ? [forbidden(path)] : checkData(field.of, member as JsonValue, [...path, name]),
      );
    case "shape":
      return isPlainObject(value) ? checkShape(field, value, path) : [wrong(path, "must be an object")];
    case "either":
      return checkEither(field.of, value, path);
  }
}

/** No file can hold `__proto__` as a key, and written as code it would mean something else. */
function checkNames(value: JsonValue, path: SpecPath): readonly SpecIssue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "__proto__" ? [forbidden(path)] : checkNames(member as JsonValue, [...path, name]),
  );
}

function forbidden(path: SpecPath): SpecIssue {
  return problem("forbidden_key", [...path, "__proto__"], "`__proto__` cannot be a name", "use another name");
}

function wrong(path: SpecPath, what: string, suggestion?: string): SpecIssue {
  return problem("wrong_value", path, `${label(path)} ${what}`, suggestion);
}

function label(path: SpecPath): string {
  const last = path.at(-1);
  return typeof last === "number" ? `item ${last}` : quoteValue(toCamelCase(last ?? "the workflow"));
}

function checkText(field: Extract<Field, { type: "text" }>, value: JsonValue, path: SpecPath): readonly SpecIssue[] {
  if (typeof value !== "string") return [wrong(path, "must be a text")];
  if (field.filled === true && value === "") return [wrong(path, "must not be empty")];
  if (field.pattern === undefined || field.pattern.test(value)) return [];
  const colon = field.pattern.source.includes(":") ? ", `.`, `:`" : field.pattern.source.includes(".") ? ", `.`" : "";
  const letters = field.pattern.source.includes("A-Z") ? "letters" : "small letters";
  const what = `cannot be ${quoteValue(value)}: it holds characters that are not allowed`;
  return [wrong(path, what, `use ${letters}, digits${colon}, \`_\` and \`-\``)];
}

function checkNumber(
  { whole, min, above, max }: Extract<Field, { type: "number" }>,
  value: JsonValue,
  path: SpecPath,
): readonly SpecIssue[] {
  const kind = whole ? "a whole number" : "a number";
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(min === undefined ? [] : [`of ${min} or more`]),
    ...(max === undefined ? [] : [`of ${max} or less`]),
  ];
  const fits =
    typeof value === "number" &&
    (!whole || Number.isSafeInteger(value)) &&
    value >= (min ?? value) &&
    value <= (max ?? value) &&
    (above === undefined || value > above);
  return fits ? [] : [wrong(path, `must be ${[kind, bounds.join(" and ")].join(" ").trim()}`)];
}

function checkChoice(choices: readonly string[], value: JsonValue, path: SpecPath): readonly SpecIssue[] {
  if (typeof value === "string" && choices.includes(value)) return [];
  const near = typeof value === "string" ? nearest(value, choices) : undefined;
  const all = choices.map((name) => quoteValue(name)).join(", ");
  return [wrong(path, `must be one of ${all}`, near === undefined ? undefined : `did you mean ${quoteValue(near)}?`)];
}

function checkList(
  { of, unique }: Extract<Field, { type: "list" }>,
  items: readonly JsonValue[],
  path: SpecPath,
): readonly SpecIssue[] {
  const issues = items.flatMap((item, index) => checkData(of, item, [...path, index]));
  if (unique !== true) return issues;
  const twice = items.flatMap((item, index) =>
    items.indexOf(item) < index
      ? [problem("duplicate_item", [...path, index], `${quoteValue(item)} is given twice`, "take one out")]
      : [],
  );
  return [...issues, ...twice];
}

function checkShape(
  { fields, required }: ShapeField,
  value: Readonly<Record<string, unknown>>,
  path: SpecPath,
): readonly SpecIssue[] {
  const missing = required
    .filter((key) => value[key] === undefined)
    .map((key) => problem("missing_key", [...path, key], `${label([...path, key])} is missing`));
  const present = Object.entries(value).flatMap(([key, member]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field === undefined
      ? [problem("unknown_key", [...path, key], `${label([...path, key])} does not belong here`)]
      : checkData(field, member as JsonValue, [...path, key]);
  });
  return [...missing, ...present];
}

/** The issues of the variant that fits best. */
function checkEither(variants: readonly Field[], value: JsonValue, path: SpecPath): readonly SpecIssue[] {
  let best: readonly SpecIssue[] | undefined;
  for (const variant of variants) {
    const issues = checkData(variant, value, path);
    if (issues.length === 0) return [];
    const deeper = issues.every((issue) => issue.pointer !== problem("", path, "").pointer);
    if (best === undefined || (deeper && issues.length < best.length)) best = issues;
  }
  return best ?? [];
}
