import { expect, it } from "vitest";
import { entriesInOrder } from "./key-order.js";

const map = { b: 0, a: 1, "10": 2, "9": 3 };
const keys = (order?: readonly string[]): string[] => entriesInOrder(map, order).map(([key]) => key);

it("gives entries in the order that is given, and in that of the map what it does not name", () => {
  expect(keys()).toEqual(["9", "10", "b", "a"]);
  expect(keys(["b", "10", "a", "9"])).toEqual(["b", "10", "a", "9"]);
  expect(keys(["a", "a"])).toEqual(["a", "9", "10", "b"]);
  expect(entriesInOrder(map, ["a", "10"]).slice(0, 2)).toEqual([
    ["a", 1],
    ["10", 2],
  ]);
});

it("knows only keys of the map itself", () => {
  expect(keys(["constructor", "toString", "none"])).toEqual(keys());
  const odd: Record<string, number> = JSON.parse('{"__proto__": 1, "constructor": 2}');
  expect(entriesInOrder(odd, ["constructor", "__proto__"])).toEqual([
    ["constructor", 2],
    ["__proto__", 1],
  ]);
});
