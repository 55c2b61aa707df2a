import { expect, test } from "vitest";
import { findCycles } from "./check-cycles.js";

test.each<[name: string, edges: number[][], cycles: number[][]]>([
  ["none", [[], [0], [0, 1]], []],
  ["one with itself", [[0]], [[0]]],
  ["a ring and a loop", [[2], [0], [1], [3]], [[0, 1, 2], [3]]],
  [
    "two rings joined one way",
    [[1], [0, 2], [3], [2]],
    [
      [0, 1],
      [2, 3],
    ],
  ],
  ["a ring with a tail", [[1], [2], [1]], [[1, 2]]],
])("%s", (_, edges, cycles) => expect(findCycles(edges)).toEqual(cycles));

test("a hundred thousand nodes in a row, open and closed", () => {
  const open = Array.from({ length: 100_000 }, (_, index) => (index === 0 ? [] : [index - 1]));
  expect(findCycles(open)).toEqual([]);
  expect(findCycles([[99_999], ...open.slice(1)])[0]).toHaveLength(100_000);
});
