import type { JsonValue } from "@strands/core";

/** The part of JSON Schema that the published schema uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly uniqueItems?: boolean;
}

/** A schema with the references to its definitions followed. */
export class SchemaWalk {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const target = this.#root.$defs?.[schema.$ref.replace("#/$defs/", "")];
    if (target === undefined) throw new Error(`there is no ${schema.$ref}`);
    return target;
  }

  /** Every key of every object, as a place of the schema. */
  keys(schema: Schema = this.#root, at = "", seen = new Set<Schema>()): ReadonlySet<string> {
    const found = new Set<string>();
    const add = (part: Schema, path: string) => {
      for (const key of this.keys(part, path, seen)) found.add(key);
    };
    const own = this.resolve(schema);
    const place = schema.$ref ?? at;
    if (seen.has(own)) return found;
    seen.add(own);
    for (const variant of own.anyOf ?? []) add(variant, place);
    if (own.items !== undefined) add(own.items, `${place}[]`);
    if (typeof own.additionalProperties === "object") add(own.additionalProperties, `${place}{}`);
    for (const [key, member] of Object.entries(own.properties ?? {})) {
      found.add(`${place}.${key}`);
      add(member, `${place}.${key}`);
    }
    return found;
  }

  /** The keys of the schema that a value has. */
  keysIn(value: JsonValue, schema: Schema = this.#root, at = ""): ReadonlySet<string> {
    const found = new Set<string>();
    const add = (part: Schema, member: JsonValue, path: string) => {
      for (const key of this.keysIn(member, part, path)) found.add(key);
    };
    const own = this.resolve(schema);
    const place = schema.$ref ?? at;
    for (const variant of own.anyOf ?? []) if (this.#fits(value, variant)) add(variant, value, place);
    if (Array.isArray(value)) {
      for (const item of value as readonly JsonValue[]) if (own.items !== undefined) add(own.items, item, `${place}[]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        const property = own.properties?.[key];
        if (property !== undefined) {
          found.add(`${place}.${key}`);
          add(property, member as JsonValue, `${place}.${key}`);
        } else if (typeof own.additionalProperties === "object") {
          add(own.additionalProperties, member as JsonValue, `${place}{}`);
        }
      }
    }
    return found;
  }

  #fits(value: JsonValue, variant: Schema): boolean {
    const own = this.resolve(variant);
    if (own.anyOf !== undefined) return own.anyOf.some((inner) => this.#fits(value, inner));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return own.type !== "object";
    const { properties = {}, required = [] } = own;
    const isOpen = own.additionalProperties !== false;
    return (
      own.type === "object" &&
      required.every((key) => Object.hasOwn(value, key)) &&
      Object.keys(value).every((key) => isOpen || Object.hasOwn(properties, key))
    );
  }
}
