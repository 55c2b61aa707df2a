import { describe, expect, it } from "vitest";
import { toolInputObject } from "./tool-input-object.js";

describe("toolInputObject", () => {
  it("leaves objects, and names everything else `input`", () => {
    expect(toolInputObject({ a: 1 })).toEqual({ a: 1 });
    for (const input of ["{bad", null, [1], 2, true]) expect(toolInputObject(input)).toEqual({ input });
  });
});
