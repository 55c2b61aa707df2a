import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleValue } from "./sample-value.js";

const options = { topic: "tea", optional: false };

describe("sampleValue", () => {
  it("gives the required properties plausible values", () => {
    const schema = {
      type: "object",
      properties: {
        expression: { type: "string" },
        url: { type: "string", format: "uri" },
        kind: { enum: ["a", "b"] },
        mode: { type: "string", default: "fast" },
        tags: { type: "array", items: { type: "string" }, minItems: 2 },
        ratio: { type: "number", exclusiveMaximum: 1 },
        when: { anyOf: [{ type: "null" }, { type: "string", format: "date" }] },
        nested: { $ref: "#/$defs/point" },
        extra: { type: "string" },
      },
      required: ["expression", "url", "kind", "mode", "tags", "ratio", "when", "nested"],
      $defs: { point: { type: "object", properties: { x: { type: "integer", minimum: 10 } }, required: ["x"] } },
    };
    expect(sampleValue(schema, options)).toEqual({
      expression: "2 + 2",
      url: "https://example.com/",
      kind: "a",
      mode: "fast",
      tags: ["tea", "tea"],
      ratio: 0,
      when: "2025-01-01",
      nested: { x: 10 },
    });
  });

  it("ends on a schema that refers to itself", () => {
    const schema = { type: "object", properties: { next: { $ref: "#" } }, required: ["next"] };
    expect(JSON.stringify(sampleValue(schema, options)).length).toBeLessThan(500);
  });

  it("survives any schema", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (schema, optional) => {
        expect(JSON.stringify(sampleValue(schema as never, { topic: "tea", optional }))).toBeDefined();
      }),
    );
  });
});
