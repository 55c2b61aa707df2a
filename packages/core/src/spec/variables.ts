import type { JsonValue } from "./json.js";
import type { Spec } from "./spec.js";

/**
 * The names templates see from the start: declared defaults, under the spec's values, under the caller's variables. The
 * result has no prototype, so a variable may have any name.
 */
export function resolveVariables(
  spec: Spec,
  given: Readonly<Record<string, JsonValue>> = {},
): Readonly<Record<string, JsonValue>> {
  const variables: Record<string, JsonValue> = Object.create(null);
  const { required = {}, optional = {}, values = {} } = spec.inputs ?? {};
  for (const [name, value] of Object.entries(values)) variables[name] = value;
  for (const declarations of [required, optional]) {
    for (const [name, declaration] of Object.entries(declarations)) {
      if (typeof declaration !== "object" || declaration.default === undefined || name in variables) continue;
      variables[name] = declaration.default;
    }
  }
  for (const [name, value] of Object.entries(given)) variables[name] = value;
  return variables;
}
