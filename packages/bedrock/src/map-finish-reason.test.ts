import { expect, it } from "vitest";
import { mapFinishReason } from "./map-finish-reason.js";

it.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["content_filtered", "content_filter"],
  ["guardrail_intervened", "content_filter"],
  ["malformed_tool_use", "other"],
  ["malformed_model_output", "other"],
  [undefined, "other"],
] as const)("%s is %s", (reason, expected) => {
  expect(mapFinishReason(reason)).toBe(expected);
});
