import type { JsonValue } from "@strands/core";
import type { z } from "zod";

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** The schema of a part of what `schema` describes; a union on the way is narrowed by the keys of the value. */
export function schemaAt(
  schema: z.ZodType,
  path: readonly (string | number)[],
  value: JsonValue | undefined,
): z.ZodType | undefined {
  let current: z.ZodType | undefined = unwrap(schema);
  let part: JsonValue | undefined = value;
  for (const key of path) {
    if (current === undefined) return undefined;
    const definition = define(pick(current, part));
    if (definition.type === "object") {
      current =
        definition.shape !== undefined && Object.hasOwn(definition.shape, key) ? definition.shape[key] : undefined;
    } else if (definition.type === "array") current = definition.element;
    else current = definition.type === "record" ? definition.valueType : undefined;
    if (current !== undefined) current = unwrap(current);
    part =
      typeof part === "object" && part !== null
        ? (part as Readonly<Record<string | number, JsonValue>>)[key]
        : undefined;
  }
  return current;
}

/** The keys a mapping may have, or none when it is not a mapping with fixed keys. */
export function keysOf(schema: z.ZodType | undefined): readonly string[] {
  return schema === undefined ? [] : Object.keys(define(unwrap(schema)).shape ?? {});
}

function define(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema;
  for (let inner = define(current).innerType; inner !== undefined; inner = define(current).innerType) current = inner;
  return current;
}

/** The variant of a union that accepts the value; one always does where the path goes on below it. */
function pick(schema: z.ZodType, value: JsonValue | undefined): z.ZodType {
  const { options } = define(schema);
  if (options === undefined) return schema;
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const score = (option: z.ZodType) => {
    const known = new Set(keysOf(option));
    return keys.reduce((total, key) => total + (known.has(key) ? 1 : -1), 0);
  };
  const [best] = [...options].sort((a, b) => score(b) - score(a));
  return best === undefined ? schema : unwrap(best);
}
