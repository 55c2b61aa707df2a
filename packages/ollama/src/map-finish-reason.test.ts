import { expect, it } from "vitest";
import { mapFinishReason } from "./map-finish-reason.js";

it.each([
  ["stop", false, "stop"],
  ["stop", true, "tool_calls"],
  [undefined, false, "stop"],
  [undefined, true, "tool_calls"],
  ["length", true, "length"],
  ["load", false, "other"],
  ["unload", false, "other"],
] as const)("%s, with tool calls: %s, is %s", (reason, calledTools, expected) => {
  expect(mapFinishReason(reason, calledTools)).toBe(expected);
});
