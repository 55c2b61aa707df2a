import { expect, it } from "vitest";
import { StepScope } from "./step-scope.js";

it("looks in a step's own names, then the pattern's, then the variables", () => {
  const scope = new StepScope({ a: "variable", b: "variable", c: "variable" }, { b: "pattern" });
  scope.set("d", "pattern");
  const step = scope.with({ c: "step", b: "step" });
  expect(["a", "b", "c", "d"].map((name) => scope.get(name))).toEqual(["variable", "pattern", "variable", "pattern"]);
  expect(["a", "b", "c", "d"].map((name) => step.get(name))).toEqual(["variable", "step", "step", "pattern"]);
  expect(new Set(step.names())).toEqual(new Set(["a", "b", "c", "d"]));
});

it("sees what the pattern sets later, through every layer", () => {
  const scope = new StepScope({ hitl_response: "variable" }, {});
  const step = scope.with({ x: 1 });
  expect(step.get("hitl_response")).toBe("variable");
  scope.set("hitl_response", "answer");
  expect(step.get("hitl_response")).toBe("answer");
});

it("inherits no names, and takes any", () => {
  const scope = new StepScope({ valueOf: 1 }, JSON.parse('{"__proto__": "own"}'));
  const step = scope.with(JSON.parse('{"toString": "t"}'));
  for (const name of ["constructor", "hasOwnProperty"]) {
    expect([scope.has(name), step.has(name), scope.get(name)]).toEqual([false, false, undefined]);
  }
  expect([scope.has("valueOf"), scope.get("valueOf"), step.has("toString"), step.get("toString")]).toEqual([
    true,
    1,
    true,
    "t",
  ]);
  expect(scope.has("toString")).toBe(false);
});
