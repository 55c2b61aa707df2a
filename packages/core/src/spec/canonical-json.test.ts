import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.js";

describe("canonicalJson", () => {
  it.each([
    [null, "null"],
    [true, "true"],
    [1.5, "1.5"],
    ['a"\n\u2028', JSON.stringify('a"\n\u2028')],
    [[], "[]"],
    [{}, "{}"],
    [[1, [2, { b: 1, a: 2 }]], '[1,[2,{"a":2,"b":1}]]'],
    [{ b: 1, a: { d: 4, c: 3 } }, '{"a":{"c":3,"d":4},"b":1}'],
    [{ Z: 1, a: 2, "10": 3, "9": 4, ä: 5 }, '{"10":3,"9":4,"Z":1,"a":2,"ä":5}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [JSON.parse('{"__proto__":1,"constructor":2}'), '{"__proto__":1,"constructor":2}'],
  ])("writes %j", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it("is the same for equal data whatever the order of keys", () => {
    expect(canonicalJson({ x: [1], y: { a: 1, b: 2 } })).toBe(canonicalJson({ y: { b: 2, a: 1 }, x: [1] }));
    expect(canonicalJson({ x: [1, 2] })).not.toBe(canonicalJson({ x: [2, 1] }));
  });

  it("writes an absent item of a list as JSON does", () => {
    expect(canonicalJson([undefined, 1])).toBe("[null,1]");
  });
});
