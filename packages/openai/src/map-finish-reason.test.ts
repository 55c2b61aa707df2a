import { expect, it } from "vitest";
import { mapFinishReason } from "./map-finish-reason.js";

it.each([
  ["stop", false, "stop"],
  ["stop", true, "tool_calls"],
  ["tool_calls", true, "tool_calls"],
  ["function_call", true, "tool_calls"],
  ["length", true, "length"],
  ["content_filter", false, "content_filter"],
  ["insufficient_system_resource", false, "other"],
  [undefined, false, "stop"],
  [undefined, true, "tool_calls"],
] as const)("%s (calls tools: %s) is %s", (reason, callsTools, expected) => {
  expect(mapFinishReason(reason, callsTools)).toBe(expected);
});
