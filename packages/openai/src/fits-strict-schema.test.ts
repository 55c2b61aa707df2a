import type { JsonObject } from "@strands/core";
import { expect, it } from "vitest";
import { fitsStrictSchema } from "./fits-strict-schema.js";

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const text: JsonObject = { type: "string" };
const nested = (depth: number): JsonObject => (depth === 0 ? text : object({ inner: nested(depth - 1) }));

const fitting: readonly (readonly [string, JsonObject])[] = [
  ["a closed object with all properties required", object({ title: text, pages: { type: "integer", minimum: 1 } })],
  ["an object without properties", object({})],
  ["objects in lists", object({ items: { type: "array", items: object({ a: text }), minItems: 1 } })],
  ["choices", object({ a: { anyOf: [text, { type: "null" }] }, b: { enum: ["x", "y"] }, c: { const: 1 } })],
  ["definitions", object({ a: { $ref: "#/$defs/part" } }, { $defs: { part: object({ b: text }) } })],
  ["types that may be null", object({ a: { type: ["string", "null"], description: "why", pattern: "^a" } })],
  ["known formats", object({ a: { type: "string", format: "date-time" } })],
  ["properties called like keywords", object({ properties: text, type: text, minLength: text })],
  ["nine levels", nested(9)],
];
it.each(fitting)("takes %s", (_, schema) => expect(fitsStrictSchema(schema)).toBe(true));

const misfits: readonly (readonly [string, JsonObject])[] = [
  ["a list at the root", { type: "array", items: text }],
  ["a choice at the root", { ...object({ a: text }), anyOf: [object({ a: text })] }],
  ["no type at the root", { properties: {} }],
  ["an open object", { type: "object", properties: { a: text }, required: ["a"] }],
  ["an object with other properties", object({ a: text }, { additionalProperties: text })],
  ["a property that may be missing", object({ a: text, b: text }, { required: ["a"] })],
  ["no list of what is required", { type: "object", properties: { a: text }, additionalProperties: false }],
  ["an open object inside", object({ a: { type: "object", properties: {} } })],
  ["an open object inside that may be null", object({ a: { type: ["object", "null"], properties: {} } })],
  ["properties without a type", object({ a: { properties: { b: text } } })],
  ["a list without items", object({ a: { type: "array" } })],
  ["an unknown keyword", object({ a: { type: "string", minLength: 3 } })],
  ["an unknown format", object({ a: { type: "string", format: "uri" } })],
  ["a combination", object({ a: { allOf: [text] } })],
  ["a schema that is no object", object({ a: true })],
  ["an open definition", object({ a: text }, { $defs: { part: { type: "object" } } })],
  ["a choice that is no list", object({ a: { anyOf: text } })],
  ["properties that are no object", { type: "object", properties: [], required: [], additionalProperties: false }],
  ["ten levels and more", nested(10)],
];
it.each(misfits)("does not take %s", (_, schema) => expect(fitsStrictSchema(schema)).toBe(false));
