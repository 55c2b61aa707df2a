import { compileSpec, type JsonValue, type Spec, SpecError, type SpecIssue, toPointer } from "@strands/core";
import { describe, expect, test } from "vitest";
import { generateJsonSchema } from "../src/index.js";

/** The part of JSON Schema with which the published schema limits what it describes. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** Puts a value where it belongs in a spec. */
type Put = (value: JsonValue) => JsonValue;

/** A place of the format, what may stand there, and the way to a spec with a value there. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly schema: Schema;
  readonly put: Put;
  /** What else may stand there. */
  readonly besides: readonly Schema[];
}

/** A value of each type, and null. */
const ofTypes: readonly (readonly [string, JsonValue])[] = [
  ["string", "text"],
  ["number", 5],
  ["boolean", true],
  ["array", []],
  ["object", {}],
  ["null", null],
];

const root = generateJsonSchema() as unknown as Schema;
const places = [...placesIn(root, [], (value) => value)];
const limited = places
  .map(({ path, schema, put, besides }) => ({ pointer: toPointer(path), put, ...samples(schema, besides) }))
  .filter(({ bad }) => bad.length > 0);

/** What is refused on purpose though the schema takes it. */
const stricter = new Set(["unsupported_secret_source", "wait_order"]);

describe.each(limited)("$pointer", ({ pointer, put, good, bad }) => {
  test.each(good.map((value) => [value]))("takes %j", (value) => {
    expect(refusals(put(value), pointer).filter(({ code }) => !stricter.has(code))).toEqual([]);
  });

  test.each(bad.map((value) => [value]))("does not take %j", (value) => {
    expect(refusals(put(value), pointer)).not.toEqual([]);
  });
});

test.each<keyof Schema>(["minimum", "maximum", "exclusiveMinimum", "enum", "minItems", "minProperties"])(
  "every `%s` of the schema is tried",
  (word) => {
    const tried = new Set(places.map(({ schema }) => schema).filter((schema) => schema[word] !== undefined));
    expect(tried.size).toBe(JSON.stringify(root).match(new RegExp(`"${word}":[-\\d[]`, "g"))?.length);
  },
);

/** What compiling a spec, without the loader, has against one place of it. */
function refusals(spec: JsonValue, pointer: string): readonly SpecIssue[] {
  try {
    compileSpec(spec as unknown as Spec);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.filter((issue) => issue.pointer === pointer && issue.severity === "error");
  }
}

/** Values on both sides of each limit, and those of other types. */
function samples(
  schema: Schema,
  besides: readonly Schema[],
): { readonly good: readonly JsonValue[]; readonly bad: readonly JsonValue[] } {
  const { minimum, exclusiveMinimum, maximum } = schema;
  const least = minimum ?? exclusiveMinimum;
  const { type = "any" } = schema;
  const kinds = [schema, ...besides.map(resolve)].flatMap((other) => other.type ?? "any");
  const fitting = new Set(kinds.map((kind) => kind.replace("integer", "number")));
  const others = ofTypes.filter(([name]) => !fitting.has(name)).map(([, value]) => value);
  if (schema.enum !== undefined) return { good: schema.enum, bad: ["nonesuch"] };
  if (type === "array") return { good: [], bad: [...others, ...(schema.minItems === undefined ? [] : [[]])] };
  if (type === "object") return { good: [], bad: [...others, ...(schema.minProperties === undefined ? [] : [{}])] };
  if (type === "string" || type === "boolean") return { good: [], bad: others };
  if (least === undefined) return { good: [], bad: type === "integer" ? [1.5] : [] };
  const most = maximum ?? (schema.type === "integer" ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE);
  return {
    good: [minimum ?? Number.MIN_VALUE, Math.min(least + 1, most), most],
    bad: [
      ...(minimum === undefined ? [least] : []),
      ...(maximum === undefined && schema.type !== "integer" ? [] : [most + 1]),
      ...(schema.type === "integer" ? [least + 0.5] : []),
      ...[least - 1, String(least + 1), null, true, [], {}],
    ],
  };
}

/** Every place below a schema. */
function* placesIn(given: Schema, path: Place["path"], put: Put, besides: readonly Schema[] = []): Generator<Place> {
  const schema = resolve(given);
  yield { path, schema, put, besides };
  for (const variant of schema.anyOf ?? []) {
    // An agent of another file has been put together before core sees it.
    if (variant.$ref !== "#/$defs/agentReference")
      yield* placesIn(variant, path, inPattern(variant, put), schema.anyOf);
  }
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    yield* placesIn(field, [...path, key], (value) => put({ ...(sample(schema) as object), [key]: value }));
  }
  if (typeof schema.additionalProperties === "object") {
    yield* placesIn(schema.additionalProperties, [...path, "a"], (value) => put({ a: value }));
  }
  if (schema.items !== undefined) {
    const { items } = schema;
    const others = Array.from({ length: (schema.minItems ?? 1) - 1 }, () => sample(items));
    yield* placesIn(items, [...path, 0], (value) => put([value, ...others]));
  }
}

/** The config of a pattern needs its type next to it, which the published schema does not tie together. */
function inPattern({ $ref = "" }: Schema, put: Put): Put {
  const name = /^#\/\$defs\/(\w+)Config$/.exec($ref)?.[1];
  if (name === undefined) return put;
  const type = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (config) => ({ ...(put(config) as object), pattern: { type, config } });
}

/** The smallest value of a shape. */
function sample(given: Schema): JsonValue {
  const schema = resolve(given);
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0] ?? {});
  if (schema.enum !== undefined) return schema.enum[0] ?? null;
  switch (schema.type) {
    case "string":
      return "a";
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}));
    case "object": {
      const keys = schema.required ?? [];
      if (schema.minProperties !== undefined) return { a: sample(schema.additionalProperties as Schema) };
      return Object.fromEntries(keys.map((key) => [key, sample(schema.properties?.[key] ?? {})]));
    }
    default:
      return schema.minimum ?? 0;
  }
}

function resolve(schema: Schema): Schema {
  const name = schema.$ref?.replace("#/$defs/", "");
  return name === undefined ? schema : (root.$defs?.[name] ?? {});
}
