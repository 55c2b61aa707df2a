import type { Clock, FinishReason, ModelChunk, ToolCall, Usage } from "@strands/core";
import { estimateTokens, textPieces } from "./text-pieces.js";

/** How a text that is known already is streamed. */
export interface StreamTextOptions {
  /** Wait before each piece, in milliseconds; 0 for none. */
  readonly latencyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Limit of the text, in tokens. */
  readonly maxTokens: number | undefined;
  /** Characters of the request, for the usage. */
  readonly inputCharacters: number;
  /** Tool calls that the answer makes besides. */
  readonly calls: readonly ToolCall[];
  /** The usage to report. @defaultValue an estimate from the characters */
  readonly usage?: Usage | undefined;
}

/** Streams a text piece by piece, then its usage and why it ended. Throws the signal's reason as soon as it is aborted. */
export async function* streamText(
  text: string,
  options: StreamTextOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  const { clock, latencyMs, signal } = options;
  const most = options.maxTokens === undefined ? Number.POSITIVE_INFINITY : options.maxTokens * 4;
  let characters = 0;
  let reason: FinishReason = options.calls.length > 0 ? "tool_calls" : "stop";
  for (const piece of textPieces(text)) {
    if (characters + piece.length > most) {
      reason = "length";
      break;
    }
    if (latencyMs > 0) await clock.sleep(latencyMs, signal);
    signal.throwIfAborted();
    characters += piece.length;
    yield piece;
  }
  signal.throwIfAborted();
  const callCharacters = options.calls.length > 0 ? JSON.stringify(options.calls).length : 0;
  const usage = options.usage ?? {
    inputTokens: estimateTokens(options.inputCharacters),
    outputTokens: estimateTokens(characters + callCharacters),
  };
  yield { type: "usage", usage };
  yield { type: "finish", reason };
}
