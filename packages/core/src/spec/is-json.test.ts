import { expect, it } from "vitest";
import { isJson } from "./is-json.js";

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [{ value }];
  return value;
};

it("takes what a record can hold, and says no to what is too deep for the stack", () => {
  expect(isJson(nested(200))).toBe(true);
  expect(isJson(nested(300))).toBe(false);
  expect(isJson(nested(100_000))).toBe(false);
});
