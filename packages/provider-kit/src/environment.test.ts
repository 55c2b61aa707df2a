import { describe, expect, it } from "vitest";
import { findVariable } from "./environment.js";

describe("findVariable", () => {
  it("finds the first that is set and not blank", () => {
    const env = { A: " ", B: " b ", C: "c" };
    expect(findVariable(env, ["A", "B", "C"])).toEqual({ name: "B", value: "b" });
    expect(findVariable(env, ["A", "D"])).toBeUndefined();
  });
});
