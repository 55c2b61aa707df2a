import type { JsonValue } from "@strands/core";

type CamelCase<Key extends string> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;

/** A part of the format with its keys in camelCase: `max_tokens` is `maxTokens`. Names that users choose stay as they are. */
export type Options<T> = [JsonValue] extends [T]
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Options<Item>[]
      : { readonly [Key in keyof T as Key extends string ? CamelCase<Key> : Key]: Options<T[Key]> };
