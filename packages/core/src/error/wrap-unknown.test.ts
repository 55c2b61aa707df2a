import { expect, it } from "vitest";
import { RunError } from "./errors.js";
import { messageOf, toStrandsError } from "./wrap-unknown.js";

it("gives back an error of ours as it is", () => {
  const error = new RunError("RUN_TIMEOUT", "late");
  expect(toStrandsError(error)).toBe(error);
});

it.each([
  [new TypeError("x is not a function"), "x is not a function"],
  ["a string", "a string"],
  [undefined, "undefined"],
  [null, "null"],
  [{ a: 1 }, "[object Object]"],
])("wraps %s as a bug of ours, with its cause", (thrown, message) => {
  const error = toStrandsError(thrown);
  expect(error).toMatchObject({ name: "InternalError", code: "INTERNAL", message });
  expect(error.cause).toBe(thrown);
  expect(error.hint).toContain("report");
});

it.each([
  ["an object without a prototype", Object.create(null)],
  ["a symbol", Symbol("s")],
  [
    "an object whose toString throws",
    {
      toString: () => {
        throw new Error("no");
      },
    },
  ],
])("has a message for %s", (_, thrown) => {
  expect(typeof messageOf(thrown)).toBe("string");
});
