import { describe, expect, it } from "vitest";
import type { InputsSpec, Spec } from "./spec.js";
import { resolveVariables } from "./variables.js";

const spec = (inputs?: InputsSpec): Spec => ({
  version: 0,
  name: "flow",
  runtime: { provider: "p" },
  ...(inputs === undefined ? {} : { inputs }),
  agents: {},
  pattern: { type: "chain", config: { steps: [] } },
});

describe("resolveVariables", () => {
  it("puts values over defaults and the caller's variables over both", () => {
    const inputs: InputsSpec = {
      required: {
        a: { type: "string", default: "default a" },
        b: { type: "string", default: "default b" },
        r: "string",
      },
      optional: { c: { type: "number", default: 0 }, d: { type: "boolean", default: false }, o: "integer" },
      values: { b: "value b", c: 5, extra: "e" },
    };
    expect({ ...resolveVariables(spec(inputs), { c: 7, given: [1] }) }).toEqual({
      a: "default a",
      b: "value b",
      c: 7,
      d: false,
      extra: "e",
      given: [1],
    });
  });

  it("has nothing when nothing is declared or given", () => {
    expect(Object.keys(resolveVariables(spec()))).toEqual([]);
  });

  it("takes any name, and inherits none", () => {
    const given = JSON.parse('{"__proto__":{"polluted":1},"constructor":"c","toString":"t","hasOwnProperty":"h"}');
    const variables = resolveVariables(spec({ values: JSON.parse('{"valueOf":"v"}') }), given);
    expect(Object.getPrototypeOf(variables)).toBeNull();
    expect(Object.hasOwn(variables, "__proto__")).toBe(true);
    expect(Object.keys(variables).sort()).toEqual([
      "__proto__",
      "constructor",
      "hasOwnProperty",
      "toString",
      "valueOf",
    ]);
    expect("isPrototypeOf" in variables).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
