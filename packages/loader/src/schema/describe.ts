import { fieldChoices, numberRanges } from "@strands/core";
import { z } from "zod";

/** What an editor shows about one part of the format, and JSON Schema keywords that zod has no word for. */
export interface Documentation {
  readonly id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** Our own registry: the global one belongs to the program, and two copies of this package would clash in it. */
export const documentation: z.core.$ZodRegistry<Documentation> = z.registry<Documentation>();

/** Attaches documentation to a schema, which must not be shared with another key. */
export function describe<T extends z.ZodType>(schema: T, description: string, more: Documentation = {}): T {
  documentation.add(schema, { ...more, description } as never);
  return schema;
}

/** Names a schema so that the published one holds it once, under `$defs`. */
export function define<T extends z.ZodType>(id: string, schema: T, description: string, more: Documentation = {}): T {
  return describe(schema, description, { id, ...more });
}

export function text(description: string, more: Documentation = {}): z.ZodString {
  return describe(z.string(), description, more);
}

export function identifier(description: string): z.ZodString {
  return describe(z.string().regex(/^[A-Za-z0-9._:-]+$/), description);
}

/** The number of a key, within the range that core asks for. */
export function number(key: string, description: string, more: Documentation = {}): z.ZodNumber {
  const range = numberRanges[key];
  if (range === undefined) throw new Error(`no range is known for ${key}`);
  const { min, max, whole, above } = range;
  const kind = whole === true ? z.int() : z.number();
  const floored = above === true ? kind.gt(min) : kind.min(min);
  return describe(max === undefined ? floored : floored.max(max), description, more);
}

/** The word of a key, one of those that core knows. */
export function choice(key: string, description: string, more: Documentation = {}): z.ZodType {
  const choices = fieldChoices[key];
  if (choices === undefined) throw new Error(`no choices are known for ${key}`);
  return describe(z.enum(choices), description, more);
}

export function texts(description: string): z.ZodArray<z.ZodString> {
  return describe(z.array(z.string()), description);
}

export function textMap(description: string): z.ZodRecord<z.ZodString, z.ZodString> {
  return describe(z.record(z.string(), z.string()), description);
}

/** A list whose items must differ. */
export function uniqueTexts(item: z.ZodString, description: string): z.ZodArray<z.ZodString> {
  const list = z.array(item).check((context) => {
    const seen = new Set<string>();
    for (const [index, value] of context.value.entries()) {
      if (seen.has(value)) {
        context.issues.push({ code: "custom", input: value, path: [index], params: { kind: "duplicate_item" } });
      }
      seen.add(value);
    }
  });
  return describe(list, description, { uniqueItems: true });
}

/** A mapping that needs at least one entry. */
export function filledMap<T extends z.ZodType>(value: T, description: string): z.ZodRecord<z.ZodString, T> {
  const map = z.record(z.string(), value).check((context) => {
    if (Object.keys(context.value).length > 0) return;
    context.issues.push({ code: "custom", input: context.value, params: { kind: "empty_map" } });
  });
  return describe(map, description, { minProperties: 1 });
}
