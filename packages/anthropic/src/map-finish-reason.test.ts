import { expect, it } from "vitest";
import { mapFinishReason } from "./map-finish-reason.js";

it.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "content_filter"],
  ["pause_turn", "other"],
  ["solar_flare", "other"],
  ["constructor", "other"],
])("takes %s for %s", (reason, expected) => {
  expect(mapFinishReason(reason)).toBe(expected);
});
