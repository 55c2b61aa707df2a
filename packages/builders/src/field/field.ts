/** What a value of the format may be. Lists and mappings that need an entry are for the checks of core to judge. */
export type Field =
  | { readonly type: "text"; readonly pattern?: RegExp; readonly filled?: true }
  | {
      readonly type: "number";
      readonly whole: boolean;
      readonly min?: number;
      readonly above?: number;
      readonly max?: number;
    }
  | { readonly type: "flag" }
  | { readonly type: "choice"; readonly of: readonly string[] }
  /** Any JSON value, kept as it is. */
  | { readonly type: "json" }
  | { readonly type: "list"; readonly of: Field; readonly unique?: true }
  /** Names that users choose, each with a value. */
  | { readonly type: "map"; readonly of: Field }
  | ShapeField
  | { readonly type: "either"; readonly of: readonly Field[] };

/** Keys of the format, each with its field. */
export interface ShapeField {
  readonly type: "shape";
  readonly fields: Readonly<Record<string, Field>>;
  readonly required: readonly string[];
}

type RequiredKeys<T> = { [Key in keyof T]-?: Record<never, never> extends Pick<T, Key> ? never : Key }[keyof T];

/** The fields of a part of the format: none may be left out, and those that must be there are named. */
export function shape<T>(
  fields: { readonly [Key in keyof T]-?: Field },
  ...required: readonly (RequiredKeys<T> & string)[]
): ShapeField {
  return { type: "shape", fields, required };
}

export const text: Field = { type: "text" };
export const filledText: Field = { type: "text", filled: true };
export const identifier: Field = { type: "text", pattern: /^[A-Za-z0-9._:-]+$/ };
export const toolId: Field = { type: "text", pattern: /^[A-Za-z0-9_-]+$/ };
export const flag: Field = { type: "flag" };
export const json: Field = { type: "json" };

export function choice(...of: readonly string[]): Field {
  return { type: "choice", of };
}

export function integer(min: number, max?: number): Field {
  return max === undefined ? { type: "number", whole: true, min } : { type: "number", whole: true, min, max };
}

/** A number from 0 to `max`. */
export function share(max: number): Field {
  return { type: "number", whole: false, min: 0, max };
}

export const seconds: Field = { type: "number", whole: false, above: 0 };

export function list(of: Field): Field {
  return { type: "list", of };
}

export function uniqueList(of: Field): Field {
  return { type: "list", of, unique: true };
}

export function map(of: Field): Field {
  return { type: "map", of };
}

export function either(...of: readonly Field[]): Field {
  return { type: "either", of };
}
