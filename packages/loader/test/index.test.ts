import { expect, test } from "vitest";
import * as loader from "../src/index.js";

test("the public names", () => {
  expect(Object.keys(loader).sort()).toEqual([
    "convertVariable",
    "formatIssue",
    "generateJsonSchema",
    "loadSpec",
    "parseSpec",
    "resolveVariables",
  ]);
});
