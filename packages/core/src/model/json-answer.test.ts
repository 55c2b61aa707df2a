import { afterEach, describe, expect, it, vi } from "vitest";
import type { JsonValue } from "../spec/json.js";
import type { JsonPlace } from "./json-answer.js";
import { readJsonAnswer } from "./json-answer.js";

/** The first value of an answer that is an object, and where it stood. */
const objectIn = (answer: string): readonly [JsonPlace, JsonValue] | undefined =>
  readJsonAnswer(answer, (value, place) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? [place, value] : undefined,
  );
/** The route a router's answer names. */
const routeIn = (answer: string): string | undefined =>
  readJsonAnswer(answer, (value) => {
    const { route } = Object(value) as { readonly route?: unknown };
    return typeof route === "string" ? route : undefined;
  });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a JSON answer", () => {
  it.each([
    ["the whole answer", '{"route": "a"}'],
    ["trimmed", ' \n\t{"route": "a"}\n\n'],
    ["with other keys", '{"reason": {"because": [1]}, "route": "a"}'],
    ["a fence", 'Sure:\n```json\n{"route": "a"}\n```\nDone.'],
    ["a fence without a language", '```\n{"route": "a"}\n```'],
    ["a fence in one line", 'I say ```json {"route": "a"}``` here'],
    ["nested objects in a fence", '```json\n{"x": {"y": {}}, "route": "a"}\n```'],
    ["white space before the closing fence", '```json\n{"route": "a"}   \n\n  ```'],
    ["the second fence", '```js\nlet x = {};\n```\n```json\n{"route": "a"}\n```'],
    ["a fence that is never closed", '```json\n{"route": "a"}'],
    ["a fence inside a string", '```json\n{"code": "```js```", "route": "a"}\n```'],
    ["prose", 'I choose {"route": "a"} because it fits.'],
    ["prose with braces before", 'A set {x} and { more. Then {"route": "a"}.'],
    ["prose with quotes", 'The "best {one" is {"route": "a"}'],
    ["prose with a bracket and a quote before", 'As [he "said: {"route": "a"}'],
    ["lists of lists in prose", 'So {"x": [[true], [-1, null], [ "y" ]], "route": "a"}.'],
    ["an object with much white space", `So {${" ".repeat(300)}"route": "a"}`],
    ["nested objects in prose", 'So {"why": {"n": 1}, "route": "a"} it is'],
    ["inside another object", '{"answer": {"route": "a"}}'],
    ["inside a list", '[{"route": "a"}]'],
    ["brackets in a string", 'Take {"note": "} ] {", "route": "a"}'],
    ["an escaped quote in a string", 'Take {"note": "a \\" } b", "route": "a"}'],
    ["lines after objects that are no JSON", "{'route': 'b'}\n{route: 'c'}\n{\"route\": \"a\"}"],
  ])("is found in %s", (_, answer) => {
    expect(routeIn(answer)).toBe("a");
  });

  it.each([
    ["", undefined],
    ["no JSON at all", undefined],
    ['"tech"', undefined],
    ["null", undefined],
    ["42", undefined],
    ['["tech"]', undefined],
    ['{"route": 5}', undefined],
    ['{"route": "a"', undefined],
    ["{'route': 'a'}", undefined],
  ])("is not seen in %j", (answer, expected) => {
    expect(routeIn(answer)).toBe(expected);
  });

  it("is the first that is accepted: the whole, then fences, then prose from left to right and outside to inside", () => {
    expect(routeIn('{"route": "prose"}\n```json\n{"route": "fence"}\n```')).toBe("fence");
    expect(routeIn('{"route": 1} {"route": "first"} {"route": "second"}')).toBe("first");
    expect(routeIn('{"inner": {"route": "inner"}, "route": "outer"}')).toBe("outer");
    expect(objectIn('{"a": 1}')).toEqual(["whole", { a: 1 }]);
    expect(objectIn('```\n{"a": 1}\n```')).toEqual(["fence", { a: 1 }]);
    expect(objectIn('so {"a": 1}')).toEqual(["prose", { a: 1 }]);
  });

  it("is not what is nested deeper than anybody means", () => {
    const nested = (levels: number) => `{"route": "a", "x": ${"[".repeat(levels)}${"]".repeat(levels)}}`;
    expect(routeIn(nested(99))).toBe("a");
    expect(routeIn(nested(100))).toBeUndefined();
    expect(routeIn(nested(40_000))).toBeUndefined();
  });

  it("passes on what the reader throws", () => {
    const read = () =>
      readJsonAnswer("{}", () => {
        throw new TypeError("mine");
      });
    expect(read).toThrow("mine");
  });
});

describe("reading hostile text", () => {
  const size = 80_000;
  const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);

  it.each([
    ["open braces", fill("{"), undefined],
    ["open brackets", fill("["), undefined],
    ["unclosed objects with a key", fill('{"route":'), undefined],
    ["keys without values", fill('{"route" '), undefined],
    ["fences with a brace", fill("```json {\n"), undefined],
    ["an open fence, then braces", `\`\`\`json\n${fill("{}} ")}`, undefined],
    ["empty objects", fill("{} "), undefined],
    ["small objects", fill('{"a":1} '), undefined],
    ["fences only", fill("```"), undefined],
    ["fences with objects", fill("```{}```\n"), undefined],
    ["escaped quotes", `{"a":"${fill('\\"')}`, undefined],
    ["spaces before the end of a fence", `\`\`\`json {} x${fill(" ")}`, undefined],
    ["spaces after braces", fill(`{${" ".repeat(60)}`), undefined],
    ["quotes", fill('"'), undefined],
    ["closing braces", fill("}"), undefined],
    ["brackets of both kinds", fill("{["), undefined],
    ["nested lists", `${"[".repeat(size / 2)}${"]".repeat(size / 2)}`, undefined],
    ["nested objects", `${'{"a":'.repeat(size / 6)}1${"}".repeat(size / 6)}`, undefined],
    ["nested objects without a whole", `x ${'{"a":'.repeat(size / 6)}1${"}".repeat(size / 6)}`, undefined],
    ["text, then an object", `${fill("lorem ipsum ")}{"route":"a"}`, "a"],
    ["open braces, then an object", `${fill("{")}{"route":"a"}`, "a"],
    ["an object, then open braces", `{"route":"a"}${fill("{")}`, "a"],
  ])("such as %s takes work in proportion to its length", (_, answer, expected) => {
    const parse = vi.spyOn(JSON, "parse");
    expect(routeIn(answer)).toBe(expected);
    const chars = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    expect(chars).toBeLessThanOrEqual(answer.length * 4 + 10_000);
    expect(parse.mock.calls.length).toBeLessThanOrEqual(400);
  });
});
