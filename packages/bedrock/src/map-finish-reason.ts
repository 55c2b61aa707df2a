import type { FinishReason } from "@strands/core";

/** Bedrock's stop reasons; one that is newer than this list, or says that the model went wrong, is `other`. */
export function mapFinishReason(reason: string | undefined): FinishReason {
  switch (reason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "tool_use":
      return "tool_calls";
    case "max_tokens":
    // The answer was cut off because nothing more fits in, like one that reached its limit.
    case "model_context_window_exceeded":
      return "length";
    case "content_filtered":
    case "guardrail_intervened":
      return "content_filter";
    default:
      return "other";
  }
}
