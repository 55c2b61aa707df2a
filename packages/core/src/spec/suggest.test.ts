import { expect, test } from "vitest";
import { nearest } from "./suggest.js";

test.each<[word: string, candidates: string[], expected: string | undefined]>([
  ["stpes", ["steps", "type"], "steps"],
  ["chian", ["chain", "graph"], "chain"],
  ["wirter", ["reader", "writer"], "writer"],
  ["Max-Tokens", ["max_steps", "max_tokens"], "max_tokens"],
  ["jitterd", ["constant", "jittered"], "jittered"],
  ["n9", ["n1", "n2"], undefined],
  ["toString", ["a", "b"], undefined],
  ["invalid", ["chain", "parallel"], undefined],
  ["steps", ["steps"], undefined],
  ["x".repeat(1000), ["x".repeat(1001)], undefined],
  ["", ["a"], undefined],
  ["name", [], undefined],
])("%s", (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test("the first of equally near names wins", () => {
  expect(nearest("stap", ["stop", "step"])).toBe("stop");
});
