import fc from "fast-check";

/** The part of JSON Schema that the reference schema uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly uniqueItems?: boolean;
}

const texts = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("a", "{{ x }}", "yes", "null", "1", "agents/a.yaml"),
);
const names = fc.constantFrom("a", "b", "topic", "x.y", "~", "a/b", "toString", "constructor");
const anything = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "p")));

/** Documents that a schema accepts. */
export function arbitraryFromSchema(schema: JsonSchema, root: JsonSchema = schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
    if (target === undefined) throw new Error(`no ${schema.$ref}`);
    return arbitraryFromSchema(target, root);
  }
  if (schema.oneOf !== undefined) {
    const { oneOf, ...shared } = schema;
    return fc.oneof(...oneOf.map((variant) => arbitraryFromSchema(combine(shared, variant), root)));
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => arbitraryFromSchema({ ...schema, type }, root)));
  switch (schema.type) {
    case "string":
      return textFor(schema);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 100_000 });
    case "number":
      return fc
        .double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true })
        .map((value) => (Object.is(value, -0) ? 0 : value));
    case "boolean":
      return fc.boolean();
    case "array": {
      const items = arbitraryFromSchema(schema.items ?? {}, root);
      const size = { minLength: schema.minItems ?? 0, maxLength: (schema.minItems ?? 0) + 2 };
      return schema.uniqueItems === true ? fc.uniqueArray(items, size) : fc.array(items, size);
    }
    case "object":
      return objectFor(schema, root);
    default:
      return anything;
  }
}

/** A variant together with what stands next to `oneOf`. */
function combine(shared: JsonSchema, variant: JsonSchema): JsonSchema {
  const required = [...(shared.required ?? []), ...(variant.required ?? [])];
  // `oneOf: [{required: [to]}, {required: [choose]}]` makes the other key impossible.
  const excluded = variant.properties === undefined && shared.properties !== undefined ? ["to", "choose"] : [];
  const properties = Object.entries(variant.properties ?? shared.properties ?? {}).filter(
    ([key]) => !excluded.includes(key) || required.includes(key),
  );
  return { ...shared, ...variant, required, properties: Object.fromEntries(properties) };
}

function textFor(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.pattern?.startsWith("^[a-z0-9]") === true) return fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,4}$/);
  if (schema.pattern?.includes(":") === true) return fc.stringMatching(/^[A-Za-z0-9._:-]{1,5}$/);
  if (schema.pattern !== undefined) return fc.stringMatching(/^[A-Za-z0-9_-]{1,5}$/);
  return schema.minLength === undefined ? texts : texts.filter((text) => text.length >= (schema.minLength ?? 0));
}

function objectFor(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.properties === undefined || Object.keys(schema.properties).length === 0) {
    const value =
      typeof schema.additionalProperties === "object"
        ? arbitraryFromSchema(schema.additionalProperties, root)
        : anything;
    return fc.dictionary(names, value, { minKeys: schema.minProperties ?? 0, maxKeys: 3, noNullPrototype: true });
  }
  const fields = Object.entries(schema.properties).map(
    ([key, field]) => [key, arbitraryFromSchema(field, root)] as const,
  );
  const requiredKeys = (schema.required ?? []).filter((key) => Object.hasOwn(schema.properties ?? {}, key));
  return fc.record(Object.fromEntries(fields), { requiredKeys: requiredKeys as never[], noNullPrototype: true });
}
