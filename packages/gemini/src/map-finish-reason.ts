import type { FinishReason } from "@strands/core";

const reasons: Readonly<Record<string, FinishReason>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  // The server stopped at a checkpoint and could not be made to go on.
  CONTINUATION: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
};

/**
 * What a Gemini `finishReason` means; one that nobody knows yet is `other`. Gemini has no reason of its own for tool calls: it
 * stops, as after text.
 */
export function mapFinishReason(reason: string, hasCalls: boolean): FinishReason {
  const mapped = Object.hasOwn(reasons, reason) ? (reasons[reason] ?? "other") : "other";
  return mapped === "stop" && hasCalls ? "tool_calls" : mapped;
}
