import { expect, it } from "vitest";
import { inputObject } from "./input-object.js";

it("leaves an object alone", () => {
  const input = { a: [1] };
  expect(inputObject(input)).toBe(input);
});

it.each(["{bad", "", null, 1, [1], true])("makes an object of %j", (input) => {
  expect(inputObject(input)).toEqual({ input });
});
