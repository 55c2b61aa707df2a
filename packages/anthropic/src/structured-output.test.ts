import type { JsonObject } from "@strands/core";
import { describe, expect, it } from "vitest";
import { answerShape } from "./structured-output.js";

const newer = { maxTokens: 1, structuredOutput: true };
const older = { maxTokens: 1, structuredOutput: false };
const toFormat = (schema: JsonObject) => ({ type: "json_schema", schema: { ...schema, closed: true } }) as const;
const person: JsonObject = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };

const shapeOf = (schema: JsonObject | undefined, family = newer, otherTools = false) =>
  answerShape(schema, family, toFormat, { toolName: "answer", otherTools });

describe("answerShape", () => {
  it("is free without a schema, and for one that is no object", () => {
    expect(shapeOf(undefined)).toEqual({ mode: "none" });
    expect(shapeOf({ type: "array", items: person })).toEqual({ mode: "none" });
    expect(shapeOf({ type: "array", items: person }, older)).toEqual({ mode: "none" });
  });

  it("is the format of newer models", () => {
    expect(shapeOf(person)).toEqual({ mode: "format", format: toFormat(person) });
  });

  it("is a tool that older models have to call", () => {
    expect(shapeOf(person, older)).toMatchObject({
      mode: "tool",
      tool: { name: "answer", input_schema: person },
      choice: { type: "tool", name: "answer" },
    });
  });

  it("lets older models call the tools of the agent first", () => {
    expect(shapeOf(person, older, true)).toMatchObject({ mode: "tool", choice: { type: "any" } });
  });

  const reference = { $ref: "#/$defs/person" };
  it.each<[string, JsonObject]>([
    [
      "nested objects and lists",
      { friends: { type: "array", items: person }, one: { anyOf: [person, { type: "null" }] } },
    ],
    ["enums", { colour: { enum: ["red", "green"] }, fixed: { const: 1 } }],
    ["closed objects", { person: { ...person, additionalProperties: false } }],
    ["references", { person: reference }],
  ])("has the format for %s", (_, properties) => {
    expect(shapeOf({ type: "object", properties, $defs: { person } }).mode).toBe("format");
  });

  it.each<[string, JsonObject]>([
    ["objects with free names", { scores: { type: "object", additionalProperties: { type: "number" } } }],
    ["objects that list no names", { anything: { type: "object" } }],
    ["names by pattern", { scores: { ...person, patternProperties: { "^x": { type: "number" } } } }],
    ["values of any type", { anything: {} }],
    ["values of any type in a list", { list: { type: "array", items: {} } }],
    ["references to elsewhere", { person: { $ref: "https://schemas.example/person" } }],
    ["references to the whole", { self: { $ref: "#" } }],
    ["schemas that are no objects", { anything: true }],
  ])("leaves %s to the engine", (_, properties) => {
    expect(shapeOf({ type: "object", properties })).toEqual({ mode: "none" });
  });

  it("leaves what may refer to itself to the engine", () => {
    const tree: JsonObject = { type: "object", properties: { left: { $ref: "#/$defs/tree" } } };
    const schema = { type: "object", properties: { tree: { $ref: "#/$defs/tree" } }, $defs: { tree } };
    expect(shapeOf(schema)).toEqual({ mode: "none" });
  });
});
