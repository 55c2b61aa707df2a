import type { FinishReason } from "@strands/core";

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "content_filter",
  // Only the vendor's own tools pause a turn, and none is declared.
  pause_turn: "other",
};

/** What an Anthropic `stop_reason` means; one that nobody knows yet is `other`. */
export function mapFinishReason(reason: string): FinishReason {
  return Object.hasOwn(reasons, reason) ? (reasons[reason] ?? "other") : "other";
}
