import type { FinishReason } from "@strands/core";

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["length", "length"],
  ["content_filter", "content_filter"],
]);

/** Why the model stopped, in our words. Some compatible servers say `stop` when the model calls tools. */
export function mapFinishReason(reason: string | undefined, callsTools: boolean): FinishReason {
  if (callsTools && (reason === undefined || reason === "stop")) return "tool_calls";
  return reason === undefined ? "stop" : (reasons.get(reason) ?? "other");
}
