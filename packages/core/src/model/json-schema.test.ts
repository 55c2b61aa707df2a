import { describe, expect, it } from "vitest";
import type { JsonValue } from "../spec/json.js";
import { listProblems, schemaProblems } from "./json-schema.js";

/** A schema with values that fit it and values that do not. */
type Case = readonly [name: string, schema: JsonValue, fits: readonly JsonValue[], not: readonly JsonValue[]];

const tree: JsonValue = {
  $ref: "#/$defs/node",
  $defs: {
    node: { type: "object", required: ["v"], properties: { v: { type: "number" }, next: { $ref: "#/$defs/node" } } },
  },
};

const cases: readonly Case[] = [
  ["true", true, [1, null], []],
  ["false", false, [], [1, null]],
  ["an empty schema", {}, [1, "x", null, [], {}], []],
  ["an unknown keyword", { nonsense: { type: "string" } }, [1], []],
  ["type integer", { type: "integer" }, [1, 1.0, -3], [1.5, "1", null, true]],
  ["type number", { type: "number" }, [1, 1.5], ["1", null]],
  ["type null", { type: "null" }, [null], [0, "", false, [], {}]],
  ["type object", { type: "object" }, [{}], [[], null, "x"]],
  ["type array", { type: "array" }, [[]], [{}, null]],
  ["several types", { type: ["string", "null"] }, ["x", null], [1]],
  ["an unknown type", { type: "strng" }, [], ["x"]],
  ["enum", { enum: [1, "a", { b: [2] }, null] }, [1, "a", { b: [2] }, null], ["1", { b: 2 }, false]],
  ["const", { const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }, null]],
  ["const that is null", { const: null }, [null], [0]],
  ["minimum and maximum", { minimum: 1, maximum: 3 }, [1, 3, "x"], [0.9, 3.1]],
  ["exclusive limits", { exclusiveMinimum: 1, exclusiveMaximum: 3 }, [2], [1, 3]],
  ["multipleOf", { multipleOf: 0.1 }, [0.3, 4.7, 0, -1], [0.35]],
  ["multipleOf of a large number", { multipleOf: 0.123456789 }, [0], [1e308]],
  ["lengths in characters", { minLength: 2, maxLength: 3 }, ["ab", "💩💩", 1], ["a", "💩", "abcd"]],
  ["pattern", { pattern: "^a+$" }, ["aaa", 7], ["b", "ab", "a\n"]],
  ["pattern anywhere", { pattern: "b" }, ["abc"], ["ac"]],
  ["pattern with a dollar in a class", { pattern: "[$]\\$" }, ["$$"], ["$"]],
  ["pattern with a named group", { pattern: "^(?<year>\\d{4})$" }, ["2026"], ["٢٠٢٦", "26"]],
  ["pattern with a look-behind by name", { pattern: "(?<=a)b" }, ["ab"], ["b"]],
  ["pattern that cannot be run", { pattern: "([" }, ["anything"], []],
  ["items", { items: { type: "number" } }, [[], [1], "x"], [["a"], [1, null]]],
  ["items false", { items: false }, [[]], [[1]]],
  [
    "prefixItems",
    { prefixItems: [{ type: "number" }, { type: "string" }] },
    [[1], [1, "a", true], []],
    [["a"], [1, 2]],
  ],
  ["items after prefixItems", { prefixItems: [true], items: { type: "string" } }, [[1, "a"]], [[1, 2]]],
  ["tuples of draft 7", { items: [{ type: "number" }], additionalItems: false }, [[1]], [[1, 2], ["a"]]],
  ["numbers of items", { minItems: 1, maxItems: 2 }, [[1], [1, 2], {}], [[], [1, 2, 3]]],
  [
    "uniqueItems",
    { uniqueItems: true },
    [[1, "1", true, [1], { a: 1 }]],
    [
      [1, 1],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  ["uniqueItems false", { uniqueItems: false }, [[1, 1]], []],
  ["properties", { properties: { a: { type: "number" } } }, [{}, { a: 1 }, { b: "x" }, "x"], [{ a: "x" }]],
  [
    "properties with names of the prototype",
    { properties: { toString: { type: "number" } }, required: ["valueOf"] },
    [{ valueOf: 1 }],
    [{}, { valueOf: 1, toString: "x" }],
  ],
  ["required", { required: ["a", "b"] }, [{ a: 1, b: 2 }, []], [{ a: 1 }]],
  ["additionalProperties false", { properties: { a: {} }, additionalProperties: false }, [{ a: 1 }, {}], [{ b: 1 }]],
  [
    "additionalProperties by schema",
    { properties: { a: {} }, additionalProperties: { type: "number" } },
    [{ a: "x", b: 1 }],
    [{ b: "x" }],
  ],
  ["patternProperties", { patternProperties: { "^n": { type: "number" } } }, [{ n1: 1, a: "x" }], [{ n1: "x" }]],
  [
    "additionalProperties next to patternProperties",
    { patternProperties: { "^n": {} }, additionalProperties: false },
    [{ n: 1 }],
    [{ m: 1 }],
  ],
  ["propertyNames", { propertyNames: { pattern: "^[a-z]+$" } }, [{ a: 1 }], [{ A: 1 }]],
  ["numbers of properties", { minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 1, c: 1 }]],
  ["dependentRequired", { dependentRequired: { a: ["b"] } }, [{}, { b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
  ["allOf", { allOf: [{ minimum: 1 }, { maximum: 3 }] }, [2], [0, 4]],
  ["anyOf", { anyOf: [{ type: "string" }, { minimum: 3 }] }, ["x", 3, null], [2]],
  ["oneOf", { oneOf: [{ type: "integer" }, { minimum: 2 }] }, [1, 2.5], [3, 1.5]],
  ["not", { not: { type: "string" } }, [1], ["x"]],
  [
    "if, then and else",
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    { if: { type: "number" }, then: { minimum: 1 }, else: { type: "string" } },
    [1, "x"],
    [0, null],
  ],
  ["if alone", { if: { type: "number" } }, [1, "x"], []],
  ["a reference to itself", tree, [{ v: 1 }, { v: 1, next: { v: 2 } }], [{}, { v: 1, next: { v: "x" } }]],
  [
    "a reference to the whole",
    { properties: { a: { $ref: "#" } }, additionalProperties: false },
    [{ a: { a: {} } }],
    [{ a: { b: 1 } }],
  ],
  ["a reference with escapes", { $ref: "#/$defs/a~1b%25", $defs: { "a/b%": { type: "string" } } }, ["x"], [1]],
  ["a reference into a list", { $ref: "#/allOf/0", allOf: [{ type: "string" }] }, ["x"], [1]],
  [
    "a reference with rules beside it",
    { $ref: "#/$defs/a", minLength: 2, $defs: { a: { type: "string" } } },
    ["xx"],
    ["x", 12],
  ],
  ["a reference to elsewhere", { $ref: "https://example.com/schema.json" }, [1], []],
  ["a reference to nothing", { $ref: "#/$defs/none" }, [1], []],
  [
    "a rule of the wrong kind",
    { minimum: "1", required: 7, properties: [], pattern: 1, items: 3, enum: [], allOf: {} },
    [],
    [1],
  ],
];

describe("a JSON Schema", () => {
  for (const [name, schema, fits, not] of cases) {
    it.each(fits.map((value) => [JSON.stringify(value), value] as const))(`${name}: %s fits`, (_, value) => {
      expect(schemaProblems(schema, value)).toEqual([]);
    });
    it.each(not.map((value) => [JSON.stringify(value), value] as const))(`${name}: %s does not fit`, (_, value) => {
      expect(schemaProblems(schema, value).length).toBeGreaterThan(0);
    });
  }
});

describe("a problem", () => {
  const problem = (schema: JsonValue, value: JsonValue): string => listProblems(schemaProblems(schema, value));

  it("names the place and what is expected there", () => {
    const schema = {
      type: "object",
      required: ["city", "days"],
      properties: { city: { type: "string" }, days: { type: "array", items: { type: "integer", minimum: 1 } } },
      additionalProperties: false,
    };
    expect(problem(schema, { city: 7, days: [1, 0, "x"], "a/b": 1 })).toBe(
      "`/city`: expected string, got number; `/days/1`: expected at least 1; `/days/2`: expected integer, got string; " +
        "the value: expected no property `a/b`; known are `city`, `days`",
    );
    expect(problem(schema, {})).toBe("the value: expected the properties `city`, `days`");
    expect(problem({ properties: { "a/b~": { enum: ["x", 1] } } }, { "a/b~": 2 })).toBe(
      '`/a~1b~0`: expected one of `"x"`, `1`',
    );
  });

  it("says of alternatives what each expects", () => {
    expect(problem({ anyOf: [{ type: "string" }, { minimum: 3 }] }, 2)).toBe(
      "the value: expected one of 2 alternatives (string, got number, or at least 3)",
    );
    expect(problem({ oneOf: [{}, {}] }, 2)).toBe(
      "the value: expected exactly one of the alternatives to hold, not several",
    );
  });

  it("is one of a few, however many there are", () => {
    expect(
      schemaProblems(
        { items: false },
        Array.from({ length: 1000 }, () => 1),
      ),
    ).toHaveLength(8);
  });

  it("shows no control characters of the value", () => {
    expect(problem({ additionalProperties: false }, { "\u001b[2J`": 1 })).toBe(
      "the value: expected no property `\\u001b[2J'`",
    );
  });
});

describe("a schema or value that would take too long", () => {
  const tooMuch = [{ pointer: "", message: "expected less: it is too large or too deep to be checked" }];
  const nested = (levels: number): JsonValue => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as JsonValue;

  it.each([
    ["a reference that leads to itself", { $ref: "#" }, 1],
    ["references in a circle", { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }, 1],
    [
      "alternatives that double at each level",
      {
        $defs: {
          a: {
            anyOf: [
              { items: { $ref: "#/$defs/a" }, maxItems: 0 },
              { items: { $ref: "#/$defs/a" }, maxItems: 0 },
            ],
          },
        },
        $ref: "#/$defs/a",
      },
      nested(90),
    ],
    ["a value of many levels", { enum: [[]] }, nested(100_000)],
    ["a value of many levels that must be unlike itself", { uniqueItems: true }, [nested(100_000), nested(100_000)]],
    [
      "a pattern over a long text",
      { items: { pattern: "(?:a?){50}a{50}b" } },
      Array.from({ length: 50 }, () => "a".repeat(20_000)),
    ],
    [
      "a long list of choices for each of many items",
      { items: { enum: Array.from({ length: 10_000 }, (_, i) => i) } },
      Array.from({ length: 10_000 }, () => -1),
    ],
  ])("does not fit: %s", (_, schema: JsonValue, value) => {
    expect(schemaProblems(schema, value)).toEqual(tooMuch);
  });
});
