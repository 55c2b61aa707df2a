import { expect, it } from "vitest";
import { mapFinishReason } from "./map-finish-reason.js";

it.each([
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
  ["CONTINUATION", "length"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["MALFORMED_FUNCTION_CALL", "other"],
  ["UNEXPECTED_TOOL_CALL", "other"],
  ["TOO_MANY_TOOL_CALLS", "other"],
  ["LANGUAGE", "other"],
  ["OTHER", "other"],
  ["SOLAR_FLARE", "other"],
  ["constructor", "other"],
])("takes %s for %s", (reason, expected) => {
  expect(mapFinishReason(reason, false)).toBe(expected);
});

it("takes a stop with tool calls for those, and no other reason", () => {
  expect(mapFinishReason("STOP", true)).toBe("tool_calls");
  expect(mapFinishReason("MAX_TOKENS", true)).toBe("length");
});
