import { expect, it } from "vitest";
import { toolInputObject } from "./tool-input-object.js";

it("leaves objects as they are and wraps the rest", () => {
  const input = { query: "tea" };
  expect(toolInputObject(input)).toBe(input);
  expect([null, [1], "{bad", 7].map(toolInputObject)).toEqual([
    { input: null },
    { input: [1] },
    { input: "{bad" },
    { input: 7 },
  ]);
});
