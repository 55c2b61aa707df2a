import type { FinishReason } from "@strands/core";

/**
 * Ollama says `stop` also when it calls tools. `load` and `unload` mean that a model was moved and nothing was written; servers
 * of old versions give no reason.
 */
export function mapFinishReason(reason: string | undefined, calledTools: boolean): FinishReason {
  if (reason === undefined || reason === "stop") return calledTools ? "tool_calls" : "stop";
  return reason === "length" ? "length" : "other";
}
