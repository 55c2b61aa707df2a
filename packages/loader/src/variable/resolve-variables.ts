import {
  fitsInputType,
  type InputDeclaration,
  InputError,
  type InputsSpec,
  type JsonObject,
  type JsonValue,
  quoteValue,
} from "@strands/core";
import { convertVariable, notOfType } from "./convert-variable.js";

/** What a run starts with. */
export interface ResolvedVariables {
  /** Every value by name: given ones win over `inputs.values`, those over defaults. */
  readonly values: JsonObject;
  /** Required inputs that have no value, in the order of the file. A run may still succeed when it never uses them. */
  readonly missing: readonly string[];
  /** Names that were given although the workflow does not declare them. */
  readonly undeclared: readonly string[];
}

/**
 * The values of a run: what is given, converted to the declared types, over the values and defaults of the spec.
 *
 * @throws InputError `INPUT_INVALID` when a given value is not of its declared type.
 */
export function resolveVariables(
  spec: { readonly inputs?: InputsSpec },
  given: Readonly<Record<string, JsonValue>> = {},
): ResolvedVariables {
  const { required = {}, optional = {} } = spec.inputs ?? {};
  const values = new Map(Object.entries(valuesWithDefaults(spec.inputs)));
  const undeclared: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name === "__proto__" || name === "")
      throw new InputError(`${quoteValue(name)} cannot be the name of a variable`);
    const declaration = declarationOf(required, name) ?? declarationOf(optional, name);
    if (declaration === undefined) undeclared.push(name);
    values.set(
      name,
      typeof value === "string" ? convertVariable(name, declaration, value) : fitting(name, declaration, value),
    );
  }
  const missing = Object.keys(required).filter((name) => !values.has(name));
  return { values: Object.fromEntries(values), missing, undeclared };
}

/** `inputs.values` with the defaults of declarations that have no value there. */
export function valuesWithDefaults(inputs: InputsSpec | undefined): JsonObject {
  const values = new Map<string, JsonValue>(Object.entries(inputs?.values ?? {}));
  for (const declarations of [inputs?.required ?? {}, inputs?.optional ?? {}]) {
    for (const [name, declaration] of Object.entries(declarations)) {
      if (typeof declaration === "string" || declaration.default === undefined || values.has(name)) continue;
      values.set(name, declaration.default);
    }
  }
  return Object.fromEntries(values);
}

function declarationOf(
  declarations: Readonly<Record<string, InputDeclaration>>,
  name: string,
): InputDeclaration | undefined {
  return Object.hasOwn(declarations, name) ? declarations[name] : undefined;
}

/** A value from code. Templates print any value, so only a declared type other than text is insisted on. */
function fitting(name: string, declaration: InputDeclaration | undefined, value: JsonValue): JsonValue {
  const type = declaration === undefined || typeof declaration === "string" ? declaration : declaration.type;
  if (type === undefined || type === "string" || value === null || fitsInputType(value, type)) return value;
  throw notOfType(name, type, value);
}
