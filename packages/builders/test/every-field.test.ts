import type { JsonValue, Spec } from "@strands/core";
import { parseSpec } from "@strands/loader";
import published from "@strands/loader/schema.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { eject } from "../src/eject.js";
import type { Field } from "../src/field/field.js";
import { patternFields } from "../src/field/pattern-fields.js";
import { specFields } from "../src/field/spec-fields.js";
import { toYAML } from "../src/yaml.js";
import { expectSame } from "./support/expect-same.js";
import { fullSpecs } from "./support/full-specs.js";
import { runCode } from "./support/run-code.js";
import { type Schema, SchemaWalk } from "./support/schema-walk.js";

const schema = published as unknown as Schema;
const walk = new SchemaWalk(schema);

describe("every key of the format", () => {
  it("is in the specs of this test", () => {
    const covered = new Set(fullSpecs.flatMap((spec) => [...walk.keysIn(spec as unknown as JsonValue)]));
    // A reference to a file is for the loader to resolve: a spec holds the agent itself.
    const keys = [...walk.keys()].filter((key) => !key.startsWith("#/$defs/agentReference."));
    expect(keys.length).toBeGreaterThan(150);
    expect(keys.filter((key) => !covered.has(key))).toEqual([]);
  });

  it.each(fullSpecs.map((spec) => [spec.pattern.type, spec] as const))("is kept by the builders: %s", (_, full) => {
    const { spec } = parseSpec(JSON.stringify(full), { format: "json" });
    expectSame(spec, full);
    const built = runCode(eject(spec));
    expectSame(built, full);
    expectSame(parseSpec(toYAML(built)).spec, full);
  });
});

describe("a text that would be a number without quotes", () => {
  it.each(["1_000", "-2_0", "1_0.5", ".5_0", "0b11", "-0x1F", "0x_f", "0o1_7", "1_0e2", "012", "1e3", "+.5"])(
    "stays a text: %s",
    (text) => {
      const [spec] = fullSpecs as [Spec, ...Spec[]];
      const written = parseSpec(toYAML({ ...spec, description: text })).spec;
      expect(written.description).toBe(text);
    },
  );
});

describe("what the builders know of the format", () => {
  it("is what the published schema says: keys, types, ranges, characters", () => {
    const sections = { ...specFields(undefined).fields };
    delete sections["pattern"];
    const { pattern: _, ...properties } = schema.properties ?? {};
    for (const [key, part] of Object.entries(properties)) {
      const resolved = key === "agents" ? { ...part, additionalProperties: { $ref: "#/$defs/agent" } } : part;
      expect([key, describeField(sections[key])]).toEqual([key, describeSchema(resolved)]);
    }
    expect(Object.keys(sections).sort()).toEqual(Object.keys(properties).sort());
  });

  it.each(Object.keys(patternFields) as (keyof typeof patternFields)[])("holds for the pattern %s", (type) => {
    const name = `${type.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())}Config`;
    expect(describeField(patternFields[type])).toEqual(describeSchema({ $ref: `#/$defs/${name}` }));
  });
});

/** A field in words that can be compared. */
function describeField(field: Field | undefined): unknown {
  switch (field?.type) {
    case undefined:
      return "nothing";
    case "text":
      return ["text", field.pattern?.source ?? (field.filled ? "filled" : "any")];
    case "number":
      return ["number", field.whole, field.min ?? field.above, field.above !== undefined, field.max];
    case "flag":
    case "json":
      return field.type;
    case "choice":
      return ["choice", ...field.of];
    case "list":
      return ["list", describeField(field.of), field.unique ?? false];
    case "map":
      return ["map", describeField(field.of)];
    case "either":
      return ["either", ...field.of.map(describeField)];
    case "shape": {
      const fields = Object.entries(field.fields).map(([key, inner]) => [key, describeField(inner)] as const);
      return { fields: Object.fromEntries(fields), required: [...field.required].sort() };
    }
  }
}

/** The same for a schema. */
function describeSchema(given: Schema): unknown {
  const own = walk.resolve(given);
  if (own.anyOf !== undefined) return ["either", ...own.anyOf.map(describeSchema)];
  if (Array.isArray(own.type)) return ["either", ...own.type.map((type) => describeSchema({ type }))];
  if (own.enum !== undefined) return ["choice", ...own.enum];
  switch (own.type) {
    case "string":
      return ["text", own.pattern ?? (own.minLength === 1 ? "filled" : "any")];
    case "integer":
    case "number":
      return [
        "number",
        own.type === "integer",
        own.minimum ?? own.exclusiveMinimum,
        own.exclusiveMinimum !== undefined,
        own.maximum,
      ];
    case "boolean":
      return "flag";
    case "array":
      return ["list", describeSchema(own.items ?? {}), own.uniqueItems ?? false];
    case "object": {
      if (own.properties === undefined) return ["map", describeSchema((own.additionalProperties as Schema) ?? {})];
      const fields = Object.entries(own.properties).map(([key, inner]) => [key, describeSchema(inner)] as const);
      return { fields: Object.fromEntries(fields), required: [...(own.required ?? [])].sort() };
    }
    default:
      return "json";
  }
}
