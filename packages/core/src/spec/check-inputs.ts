import { checkChoice } from "./check-fields.js";
import type { CheckReport, SpecPath } from "./check-report.js";
import { inputTypes } from "./field-limits.js";
import type { JsonValue } from "./json.js";
import type { InputDeclaration, InputType, Spec } from "./spec.js";

/** Declared inputs against their defaults and values. Nothing here stops a run: templates take any value. */
export function checkInputs(spec: Spec, report: CheckReport): void {
  const { required = {}, optional = {}, values = {} } = spec.inputs ?? {};
  for (const [section, declarations] of Object.entries({ required, optional })) {
    for (const [name, declaration] of Object.entries(declarations)) {
      const path = ["inputs", section, name];
      if (typeof declaration === "string") checkChoice(declaration, path, inputTypes, report);
      else if (
        checkChoice(declaration.type, [...path, "type"], inputTypes, report) &&
        declaration.default !== undefined
      )
        checkValue(declaration.default, declaration, [...path, "default"], report);
      if (section === "optional" && Object.hasOwn(required, name)) {
        report.warn("conflicting_input", path, "the input is declared as required too", "keep one of the two");
      }
    }
  }
  for (const [name, value] of Object.entries(values)) {
    const declaration = Object.hasOwn(required, name) ? required[name] : ownValue(optional, name);
    if (declaration !== undefined) checkValue(value, declaration, ["inputs", "values", name], report);
  }
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function checkValue(value: JsonValue, declaration: InputDeclaration, path: SpecPath, report: CheckReport): void {
  const type = typeof declaration === "string" ? declaration : declaration.type;
  if (!fitsInputType(value, type)) {
    report.warn("input_type", path, `the input is declared as \`${type}\`, but this is not`);
    return;
  }
  const choices = typeof declaration === "string" ? undefined : declaration.enum;
  if (choices !== undefined && !choices.some((choice) => sameJson(choice, value))) {
    report.warn("input_enum", path, "the value is not one of the choices in `enum`");
  }
}

/** Whether a value is of the type an input is declared with. `null` fits none. */
export function fitsInputType(value: JsonValue, type: InputType): boolean {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}

/** Whether two plain values say the same, whatever the order of keys. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  if (left.length !== Object.keys(b).length) return false;
  const right: Readonly<Record<string, JsonValue>> = { ...(b as Readonly<Record<string, JsonValue>>) };
  return left.every(([key, value]) => {
    const other = ownValue(right, key);
    return other !== undefined && sameJson(value, other);
  });
}
