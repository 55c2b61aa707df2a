import type { JsonObject, JsonValue, SpecIssue } from "@strands/core";
import type { Field } from "../field/field.js";
import { OptionReader } from "../field/read-options.js";
import { specFields } from "../field/spec-fields.js";
import type { SpecPath } from "../field/spec-path.js";
import { isPlainObject } from "../field/spec-path.js";

/** What a builder has been given so far, in the words of the format. Never changed. */
export interface Draft {
  readonly data: JsonObject;
  /** Names of the routes or nodes in the order they were given. */
  readonly order: readonly string[];
  /** What could not be kept. */
  readonly issues: readonly SpecIssue[];
}

export const emptyDraft: Draft = { data: {}, order: [], issues: [] };

/** The draft with something more at a place; the keys of options get their names of the format. */
export function give(draft: Draft, path: SpecPath, given: unknown): Draft {
  const reader = new OptionReader();
  const type = valueAt(draft.data, ["pattern", "type"]);
  const fields = specFields(typeof type === "string" ? type : undefined);
  const place = (field: Field, before: JsonValue | undefined, rest: SpecPath): JsonValue | undefined => {
    const [key, ...further] = rest;
    if (key === undefined) return reader.read(field, given, path, before);
    const value = place(fieldOf(field, key), memberOf(before, key), further);
    return value === undefined ? before : withMember(before, key, value);
  };
  const data = place(fields, draft.data, path) as JsonObject;
  return { ...draft, data, issues: reader.issues.length === 0 ? draft.issues : [...draft.issues, ...reader.issues] };
}

/** The same for a name of a mapping whose order means something. */
export function giveNamed(draft: Draft, path: SpecPath, name: string, given: unknown): Draft {
  return { ...give(draft, path, { [name]: given }), order: [...draft.order, name] };
}

/** The draft with a problem that whoever builds it has found. */
export function withIssue(draft: Draft, issue: SpecIssue): Draft {
  return { ...draft, issues: [...draft.issues, issue] };
}

/** The value at a place of a draft. */
export function valueAt(value: JsonValue | undefined, path: SpecPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(memberOf, value);
}

function memberOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[])[Number(key)];
  return isPlainObject(value) && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

function withMember(value: JsonValue | undefined, key: string | number, member: JsonValue): JsonValue {
  if (typeof key === "number") return Object.assign(Array.isArray(value) ? [...value] : [], { [key]: member });
  return { ...(value as JsonObject | undefined), [key]: member };
}

function fieldOf(field: Field, key: string | number): Field {
  if (field.type === "shape") return field.fields[key] ?? { type: "json" };
  return field.type === "list" || field.type === "map" ? field.of : { type: "json" };
}
